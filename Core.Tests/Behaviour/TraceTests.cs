using System.Text.Json;
using ControlPlane.AgentTraces;
using ControlPlane.Authorization;
using ControlPlane.Errors;

namespace ControlPlane.Behaviour;

/// <summary>What agents send about what they did is kept for their workspace: whole, within bounds, and until it is deleted.</summary>
public abstract class TraceTests : BehaviourTests
{
    [Fact]
    public Task A_root_has_its_payloads_each_once_also_after_a_crash() => InWorldAsync(true, async world =>
    {
        await SendAsync(world, Trace("root", "a", """{"step":1}"""));
        await SendAsync(world, Trace("root", "b", """{"step":2,"deep":{"list":[null,"ü"]}}"""));
        await world.Host.CrashAsync();
        await SendAsync(world, Trace("root", "a", """{"step":3}"""));

        var found = await FindAsync(world, "root");
        Assert.Equal(["b", "a"], found!.Parts.Select(part => part.TraceId));
        Assert.Equal("""{"step":2,"deep":{"list":[null,"ü"]}}""", found.Parts[0].Payload.GetRawText().Replace("\\u00FC", "ü", StringComparison.Ordinal));
        Assert.Equal(3, found.Parts[1].Payload.GetProperty("step").GetInt32());
        Assert.Equal((2, found.Listing.Bytes), (found.Listing.Parts, found.Parts.Sum(part => (long)TraceEntityBytes(part.Payload))));
        Assert.Null(await FindAsync(world, "other"));
    });

    [Fact]
    public Task The_list_has_the_newest_first_in_pages() => InWorldAsync(true, async world =>
    {
        for (var number = 0; number < 5; number++)
        {
            await SendAsync(world, Trace($"r{number}", "t", "{}") with { SessionId = number % 2 == 0 ? "ses-even" : "ses-odd", Scenario = "s" });
            await world.PassAsync(TimeSpan.FromSeconds(1));
        }

        var first = await PageAsync(world, new TraceQuery(2, null, "ses-even", "s", null));
        var second = await PageAsync(world, new TraceQuery(2, null, "ses-even", "s", first.Next));
        Assert.Equal(["r4", "r2"], first.Traces.Select(root => root.RootTraceId));
        Assert.Equal(["r0"], second.Traces.Select(root => root.RootTraceId));
        Assert.Null(second.Next);
        Assert.Equal((3, 3), (first.Stats.Traces, first.Stats.Parts));
        Assert.Equal(first.Traces[0].CreatedAt, first.Stats.Newest);
        Assert.Equal(2, (await PageAsync(world, new TraceQuery(9, first.Traces[0].CreatedAt - TimeSpan.FromSeconds(1.5), null, null, null))).Traces.Count);
        Assert.Empty((await PageAsync(world, new TraceQuery(9, null, null, "another", null))).Traces);
    });

    [Fact]
    public Task What_is_deleted_is_gone_and_what_is_newer_stays() => InWorldAsync(true, async world =>
    {
        await SendAsync(world, Trace("old", "t", "{}"));
        await world.PassAsync(TimeSpan.FromSeconds(1));
        await SendAsync(world, Trace("new", "t", "{}"));
        await SendAsync(world, Trace("newer", "t", "{}"));
        var began = (await FindAsync(world, "new"))!.Listing.CreatedAt;

        Assert.Equal(1, await RemoveAsync(world, new TraceSelection(Before: began)));
        Assert.Equal(0, await RemoveAsync(world, new TraceSelection("old")));
        Assert.Equal(1, await RemoveAsync(world, new TraceSelection("newer")));
        await world.Host.CrashAsync();
        Assert.Null(await FindAsync(world, "old"));
        Assert.Equal(["new"], (await PageAsync(world, new TraceQuery(9, null, null, null, null))).Traces.Select(root => root.RootTraceId));
        Assert.Equal(1, await RemoveAsync(world, new TraceSelection()));

        // The same id begins anew, and has nothing of what was deleted.
        await SendAsync(world, Trace("new", "again", "{}"));
        Assert.Equal("again", Assert.Single((await FindAsync(world, "new"))!.Parts).TraceId);
    });

    [Fact]
    public Task A_root_that_is_full_takes_no_more_and_keeps_what_it_has() => InWorldAsync(true, async world =>
    {
        var half = $$"""{"text":"{{new string('x', TraceEntity.MostBytes / 2)}}"}""";
        Assert.Equal(ErrorCode.BodyTooLarge, await RefusedAsync(SendAsync(world, Trace("whole", "t", $$"""{"text":"{{new string('x', TraceEntity.MostBytes)}}"}"""))));
        Assert.Empty((await PageAsync(world, new TraceQuery(9, null, null, null, null))).Traces);

        await SendAsync(world, Trace("root", "a", half));
        Assert.Equal(ErrorCode.BodyTooLarge, await RefusedAsync(SendAsync(world, Trace("root", "b", half))));
        await SendAsync(world, Trace("root", "a", half));
        Assert.Equal("a", Assert.Single((await FindAsync(world, "root"))!.Parts).TraceId);
    });

    [Fact]
    public Task When_there_is_no_more_room_the_oldest_go() => InWorldAsync(true, async world =>
    {
        var large = $$"""{"text":"{{new string('x', TraceEntity.MostBytes - 100)}}"}""";
        var fit = (int)(TraceIndex.MostBytes / TraceEntity.MostBytes);
        for (var number = 0; number < fit + 4; number++)
        {
            await SendAsync(world, Trace($"r{number}", "t", large));
            await world.PassAsync(TimeSpan.FromMilliseconds(1));
        }

        var page = await PageAsync(world, new TraceQuery(1, null, null, null, null));
        Assert.InRange(page.Stats.Bytes, TraceIndex.MostBytes - (2 * TraceEntity.MostBytes), TraceIndex.MostBytes);
        Assert.Null(await FindAsync(world, "r0"));
        Assert.NotNull(await FindAsync(world, $"r{fit + 3}"));
    });

    [Fact]
    public Task A_workspace_has_so_many_roots_and_the_list_is_written_anew() => InWorldAsync(true, async world =>
    {
        for (var number = 0; number < TraceIndex.MostRoots + 10; number++)
        {
            await SendAsync(world, Trace($"r{number}", "t", "{}"));
        }

        await world.Host.CrashAsync();
        var page = await PageAsync(world, new TraceQuery(5, null, null, null, null));
        Assert.Equal((TraceIndex.MostRoots, TraceIndex.MostRoots), (page.Stats.Traces, page.Stats.Parts));
        Assert.NotNull(await FindAsync(world, $"r{TraceIndex.MostRoots + 9}"));
    });

    [Fact]
    public Task A_workspace_that_deleted_all_of_many_traces_can_send_again() => InWorldAsync(true, async world =>
    {
        // So many that the list is written anew when they are deleted, and has nothing left to say.
        for (var number = 0; number < 700; number++)
        {
            await SendAsync(world, Trace($"r{number}", "t", "{}"));
        }

        Assert.Equal(700, await RemoveAsync(world, new TraceSelection()));
        await world.Host.CrashAsync();
        await SendAsync(world, Trace("again", "t", "{}"));
        Assert.Equal(["again"], (await PageAsync(world, new TraceQuery(9, null, null, null, null))).Traces.Select(root => root.RootTraceId));
    });

    [Fact]
    public Task A_key_for_one_session_has_nothing_to_do_with_the_traces_of_another() => InWorldAsync(true, async world =>
    {
        var narrow = world.Owner with { SessionId = "ses-mine" };
        await SendAsync(world, Trace("mine", "t", "{}") with { SessionId = "ses-mine" }, narrow);
        await SendAsync(world, Trace("other", "t", "{}") with { SessionId = "ses-other" });
        await SendAsync(world, Trace("nobodys", "t", "{}"));

        var index = world.Host.Entities.Traces(world.WorkspaceId);
        foreach (var root in new[] { "other", "nobodys" })
        {
            Assert.Equal(ErrorCode.ScopeMissing, await RefusedAsync(world.UntilAsync(index.FindAsync(narrow, root))));
            Assert.Equal(ErrorCode.ScopeMissing, await RefusedAsync(SendAsync(world, Trace(root, "x", "{}") with { SessionId = "ses-mine" }, narrow)));
        }

        Assert.Equal(ErrorCode.ScopeMissing, await RefusedAsync(SendAsync(world, Trace("fresh", "x", "{}") with { SessionId = "ses-other" }, narrow)));
        Assert.Equal(ErrorCode.RequestInvalid, await RefusedAsync(SendAsync(world, Trace("other", "x", "{}") with { SessionId = "ses-mine" })));
        Assert.Equal(["mine"], (await PageAsync(world, new TraceQuery(9, null, null, null, null), narrow)).Traces.Select(root => root.RootTraceId));
        Assert.Equal(1, await world.UntilAsync(index.RemoveAsync(narrow, new TraceSelection())));
        Assert.Equal(2, (await PageAsync(world, new TraceQuery(9, null, null, null, null))).Traces.Count);
    });

    private static NewTrace Trace(string root, string id, string payload) => new(root, id, null, null, JsonDocument.Parse(payload).RootElement);

    private static Task<TraceListing> SendAsync(World world, NewTrace trace, Caller? caller = null) =>
        world.UntilAsync(world.Host.Entities.Traces(world.WorkspaceId).AddAsync(caller ?? world.Owner, trace));

    private static Task<TraceDetail?> FindAsync(World world, string root) =>
        world.UntilAsync(world.Host.Entities.Traces(world.WorkspaceId).FindAsync(world.Owner, root));

    private static Task<TracePage> PageAsync(World world, TraceQuery query, Caller? caller = null) =>
        world.UntilAsync(world.Host.Entities.Traces(world.WorkspaceId).PageAsync(caller ?? world.Owner, query));

    private static Task<int> RemoveAsync(World world, TraceSelection selection) =>
        world.UntilAsync(world.Host.Entities.Traces(world.WorkspaceId).RemoveAsync(world.Owner, selection));

    private static int TraceEntityBytes(JsonElement payload) => JsonSerializer.SerializeToUtf8Bytes(payload).Length;

    private static async Task<ErrorCode> RefusedAsync(Task call) => (await Assert.ThrowsAsync<ControlPlaneException>(() => call)).Code;
}
