namespace ControlPlane.Workers;

public sealed class CrashTests
{
    private const int Rounds = 6;
    private const int Writers = 4;

    [Fact]
    public async Task Killed_at_any_moment_it_has_all_that_it_acknowledged()
    {
        using var worker = new WorkerProcess();
        await worker.StartAsync();
        using var placed = await worker.Client.StartAsync(seed: "empty");
        placed.EnsureSuccessStatusCode();
        await worker.Client.SendAsync("POST", "/api/user/repos", """{"name":"r"}""");
        var acknowledged = new Dictionary<int, string>();
        for (var round = 0; round < Rounds; round++)
        {
            var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var until = acknowledged.Count + 25 + (round * 7);
            var writers = Enumerable.Range(0, Writers)
                .Select(writer => WriteUntilCutOff(worker.Client, $"{round}.{writer}", acknowledged, until, enough)).ToArray();
            await enough.Task;

            // The writers go on: the kill falls between, or into, their writes.
            await worker.KillAsync();
            await Task.WhenAll(writers);
            await worker.StartAsync();

            await Verify(worker.Client, acknowledged);
        }
    }

    [Fact]
    public async Task Killed_after_an_end_was_answered_it_holds_nothing_of_the_session()
    {
        using var worker = new WorkerProcess();
        await worker.StartAsync();
        using var first = await worker.Client.StartAsync();
        using var second = await worker.Client.StartAsync("ses-2");
        using var ended = await worker.Client.EndAsync();

        await worker.KillAsync();
        await worker.StartAsync();

        Assert.Equal([new PlacementInfo("ses-2", 1)], (await worker.Client.StatusAsync()).Placements);
        Assert.Equal(403, (await worker.Client.GetAsync("/api/user")).Code);
    }

    private static async Task WriteUntilCutOff(
        Client client, string name, Dictionary<int, string> acknowledged, int until, TaskCompletionSource enough)
    {
        for (var count = 0; ; count++)
        {
            var title = $"{name}.{count}";
            Reply reply;
            try
            {
                reply = await client.SendAsync("POST", "/api/repos/octocat/r/issues", $$"""{"title":"{{title}}"}""");
            }
            catch (Exception exception) when (exception is HttpRequestException or ObjectDisposedException or TaskCanceledException)
            {
                return;
            }

            Assert.Equal(201, reply.Code);
            lock (acknowledged)
            {
                acknowledged.Add(reply.Json.GetProperty("number").GetInt32(), title);
                if (acknowledged.Count >= until)
                {
                    enough.TrySetResult();
                }
            }
        }
    }

    private static async Task Verify(Client client, Dictionary<int, string> acknowledged)
    {
        var found = new Dictionary<int, string>();
        for (var page = 1; ; page++)
        {
            var issues = (await client.GetAsync($"/api/repos/octocat/r/issues?per_page=100&direction=asc&page={page}")).Json;
            foreach (var issue in issues.EnumerateArray())
            {
                found.Add(issue.GetProperty("number").GetInt32(), issue.GetProperty("title").GetString()!);
            }

            if (issues.GetArrayLength() < 100)
            {
                break;
            }
        }

        // More may be there than was acknowledged, but without gaps; nothing less, and nothing else under its number.
        Assert.Equal(Enumerable.Range(1, found.Count), found.Keys.Order());
        foreach (var (number, title) in acknowledged)
        {
            Assert.Equal(title, found[number]);
        }
    }
}
