using ControlPlane.Journals;

namespace ControlPlane.Workers;

public sealed class RestartTests
{
    [Fact]
    public async Task A_worker_is_its_directory()
    {
        await using var running = await RunningWorker.StartAsync("empty");
        var id = running.Worker.WorkerId;
        await running.Client.SendAsync("POST", "/api/user/repos", """{"name":"r","description":"d"}""");
        await running.Client.SendAsync("POST", "/api/repos/octocat/r/issues", """{"title":"t","labels":["bug","made"]}""");
        await running.Client.SendAsync("PATCH", "/api/repos/octocat/r", """{"name":"renamed"}""");
        var before = await running.Client.GetAsync("/api/repositories/906237549/issues/1");
        var repository = await running.Client.GetAsync("/api/repos/octocat/renamed");

        await running.RestartAsync();

        Assert.Equal(id, running.Worker.WorkerId);
        Assert.Equal(before.Text, (await running.Client.GetAsync("/api/repositories/906237549/issues/1")).Text);
        Assert.Equal(repository.Text, (await running.Client.GetAsync("/api/repos/octocat/renamed")).Text);
        Assert.Equal(301, (await running.Client.GetAsync("/api/repos/octocat/r")).Code);
    }

    [Fact]
    public async Task Ids_are_not_given_again_after_a_restart()
    {
        await using var running = await RunningWorker.StartAsync("empty");
        var first = await running.Client.SendAsync("POST", "/api/user/repos", """{"name":"r"}""");
        await running.Client.SendAsync("DELETE", "/api/repos/octocat/r");

        await running.RestartAsync();

        var second = await running.Client.SendAsync("POST", "/api/user/repos", """{"name":"r"}""");
        Assert.Equal(first.Json.GetProperty("id").GetInt64() + 1, second.Json.GetProperty("id").GetInt64());
    }

    [Fact]
    public async Task Two_workers_cannot_have_one_directory()
    {
        await using var running = await RunningWorker.StartEmptyAsync();

        var thrown = await Assert.ThrowsAsync<IOException>(() => CloneWorker.StartAsync(running.Options));

        Assert.Contains("in use by another worker", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_no_placement_names_is_swept_away_at_the_start()
    {
        await using var running = await RunningWorker.StartAsync();
        var stray = Path.Combine(running.Directory, "clones", "ses-0.github.1.journal");
        File.WriteAllText(stray, "left by a crash between the end and its cleaning up");

        await running.RestartAsync();

        Assert.False(File.Exists(stray));
    }

    [Fact]
    public async Task A_damaged_journal_is_a_503_of_that_session_alone()
    {
        await using var running = await RunningWorker.StartAsync();
        using var other = await running.Client.StartAsync("ses-2", key: "other");
        await running.Client.SendAsync("POST", "/api/user/repos", """{"name":"a"}""");
        await running.Client.SendAsync("POST", "/api/user/repos", """{"name":"b"}""");
        var journal = Path.Combine(running.Directory, "clones", "ses-1.github.1.journal");
        await running.Worker.StopAsync();
        var bytes = File.ReadAllBytes(journal);
        bytes[40] ^= 1;
        File.WriteAllBytes(journal, bytes);

        await running.RestartAsync();

        Assert.Equal(503, (await running.Client.GetAsync("/api/user")).Code);
        Assert.Equal(200, (await running.Client.GetAsync("/api/user", ("x-clone-ticket", "ses-2.github.1.other"))).Code);
    }

    [Fact]
    public async Task A_later_versions_change_is_refused_and_not_read_past()
    {
        await using var running = await RunningWorker.StartAsync();
        await running.Client.SendAsync("POST", "/api/user/repos", """{"name":"a"}""");
        await running.Worker.StopAsync();
        using (var journal = Journal.Open(Path.Combine(running.Directory, "clones", "ses-1.github.1.journal"), static _ => { }))
        {
            journal.Append("{\"pullRequest\":{\"number\":1}}\n"u8);
        }

        await running.RestartAsync();

        Assert.Equal(503, (await running.Client.GetAsync("/api/user")).Code);
    }

    [Fact]
    public async Task Stopping_finishes_what_is_in_flight()
    {
        await using var running = await RunningWorker.StartAsync("empty");
        var writes = Enumerable.Range(0, 50)
            .Select(number => running.Client.SendAsync("POST", "/api/user/repos", $$"""{"name":"r{{number}}"}""")).ToArray();
        await writes[0];

        await running.RestartAsync();

        // A write that was cut off may be there or not; one that was answered is.
        foreach (var write in writes.Select((task, number) => (task, number)).Where(write => write.task.IsCompletedSuccessfully))
        {
            Assert.Equal(200, (await running.Client.GetAsync($"/api/repos/octocat/r{write.number}")).Code);
        }
    }
}
