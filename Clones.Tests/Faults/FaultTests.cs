using System.Net;
using ControlPlane.Workers;

namespace ControlPlane.Faults;

/// <summary>Faults that are injected into a clone's answers: which requests meet them, what these get, and how long that is so.</summary>
public sealed class FaultTests
{
    private const string Faults = "/placements/ses-1/clones/github/faults?epoch=1";
    private const string Repository = "/api/repos/octocat/small-project";

    [Fact]
    public async Task The_chosen_route_fails_as_often_as_it_was_told_to_and_the_others_do_not()
    {
        await using var worker = await RunningWorker.StartAsync();
        await SetAsync(worker, """{"faults":[{"method":"POST","path":"/repos/*/Small-Project/issues","status":503,"message":"busy","times":2}]}""");

        for (var at = 0; at < 2; at++)
        {
            var refused = (await CreateAsync(worker)).MustBe(503);
            Assert.Equal("""{"message":"busy"}""", refused.Text);
        }

        (await CreateAsync(worker)).MustBe(201);
        (await worker.Client.GetAsync(Repository + "/issues")).MustBe(200);
    }

    [Fact]
    public async Task The_first_that_fits_is_met_and_a_star_is_one_segment()
    {
        await using var worker = await RunningWorker.StartAsync();
        await SetAsync(worker, """{"faults":[{"path":"/repos/*/*","status":418},{"path":"/repos/**","status":500},{"method":"get","path":"/user","status":502}]}""");

        (await worker.Client.GetAsync(Repository)).MustBe(418);
        (await worker.Client.GetAsync(Repository + "/issues?page=1")).MustBe(500);
        (await worker.Client.GetAsync("/api/user")).MustBe(502);
        (await worker.Client.GetAsync("/api/user/repos")).MustBe(200);
        (await worker.Client.GetAsync("/mcp")).MustBe(404);
    }

    [Fact]
    public async Task A_request_is_held_up_and_then_answered()
    {
        await using var worker = await RunningWorker.StartAsync();
        await SetAsync(worker, """{"faults":[{"path":"/user","delayMs":300}]}""");

        var began = TimeProvider.System.GetTimestamp();
        (await worker.Client.GetAsync("/api/user")).MustBe(200);

        Assert.True(TimeProvider.System.GetElapsedTime(began) >= TimeSpan.FromMilliseconds(290));
    }

    [Fact]
    public async Task A_dropped_request_breaks_off_and_changes_nothing()
    {
        await using var worker = await RunningWorker.StartAsync();
        var before = (await worker.Client.GetAsync(Repository + "/issues")).Text;
        await SetAsync(worker, """{"faults":[{"method":"POST","drop":true,"times":1}]}""");

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => CreateAsync(worker));

        Assert.Equal(before, (await worker.Client.GetAsync(Repository + "/issues")).Text);
        (await CreateAsync(worker)).MustBe(201);
    }

    [Fact]
    public async Task They_outlive_a_restart_and_another_seed_and_end_with_a_reset_or_an_empty_list()
    {
        const string List = """{"faults":[{"path":"/user","status":500}]}""";
        await using var worker = await RunningWorker.StartAsync();
        await SetAsync(worker, List);
        await worker.RestartAsync();
        await PutAsync(worker, "/placements/ses-1/clones/github/state?epoch=1&seed=empty", null, HttpStatusCode.NoContent);

        Assert.Equal(List, await ReadAsync(worker));
        (await worker.Client.GetAsync("/api/user")).MustBe(500);

        await PutAsync(worker, "/placements/ses-1/clones/github/state?epoch=1&seed=empty&faults=clear", null, HttpStatusCode.NoContent);
        Assert.Equal("""{"faults":[]}""", await ReadAsync(worker));
        (await worker.Client.GetAsync("/api/user")).MustBe(200);

        await SetAsync(worker, List);
        await SetAsync(worker, """{"faults":[]}""");
        await worker.RestartAsync();
        (await worker.Client.GetAsync("/api/user")).MustBe(200);
    }

    [Theory]
    [InlineData("""{}""", "faults: ")]
    [InlineData("""{"faults":[{}]}""", "faults[0].status: ")]
    [InlineData("""{"faults":[{"status":503},{"status":200}]}""", "faults[1].status: ")]
    [InlineData("""{"faults":[{"status":503,"drop":true}]}""", "faults[0].drop: ")]
    [InlineData("""{"faults":[{"delayMs":60001}]}""", "faults[0].delayMs: ")]
    [InlineData("""{"faults":[{"drop":true,"times":0}]}""", "faults[0].times: ")]
    [InlineData("""{"faults":[{"drop":true,"path":"user"}]}""", "faults[0].path: ")]
    [InlineData("""{"faults":[{"drop":true,"path":"/**/x"}]}""", "faults[0].path: ")]
    [InlineData("""{"faults":[{"drop":true,"method":""}]}""", "faults[0].method: ")]
    [InlineData("""{"faults":[{"drop":true,"message":"x"}]}""", "faults[0].message: ")]
    [InlineData("""{"faults":[{"colour":"red"}]}""", "body: ")]
    [InlineData("""[]""", "body: ")]
    public async Task What_is_no_fault_is_refused_and_what_was_set_stays(string list, string place)
    {
        await using var worker = await RunningWorker.StartAsync();
        await SetAsync(worker, """{"faults":[{"path":"/user","status":500}]}""");

        var refusal = await PutAsync(worker, Faults, list, HttpStatusCode.BadRequest);

        Assert.Contains($"\"message\":\"{place}", refusal, StringComparison.Ordinal);
        (await worker.Client.GetAsync("/api/user")).MustBe(500);
    }

    [Fact]
    public async Task Only_a_placement_that_is_held_has_faults()
    {
        await using var worker = await RunningWorker.StartAsync();

        await PutAsync(worker, "/placements/ses-1/clones/github/faults?epoch=2", """{"faults":[]}""", HttpStatusCode.Conflict);
        await PutAsync(worker, "/placements/ses-1/clones/slack/faults?epoch=1", """{"faults":[]}""", HttpStatusCode.NotFound);
    }

    private static Task<Reply> CreateAsync(RunningWorker worker) => worker.Client.SendAsync("POST", Repository + "/issues", """{"title":"one more"}""");

    private static Task<string> SetAsync(RunningWorker worker, string list) => PutAsync(worker, Faults, list, HttpStatusCode.NoContent);

    private static async Task<string> PutAsync(RunningWorker worker, string path, string? body, HttpStatusCode status)
    {
        using var answer = await worker.Client.ControlAsync(HttpMethod.Put, path, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{answer.StatusCode}: {text}");
        return text;
    }

    private static async Task<string> ReadAsync(RunningWorker worker)
    {
        using var answer = await worker.Client.ControlAsync(HttpMethod.Get, Faults);
        return await answer.Content.ReadAsStringAsync();
    }
}
