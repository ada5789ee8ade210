using ControlPlane.Events;
using ControlPlane.Hosting;
using ControlPlane.Leases;
using ControlPlane.Sessions;
using ControlPlane.Workspaces;

namespace ControlPlane.Behaviour;

/// <summary>What happened to the sessions of a workspace, for whoever follows it.</summary>
public abstract class EventTests : BehaviourTests
{
    [Fact]
    public Task A_sessions_life_is_told_in_its_order_from_the_beginning() => InWorldAsync(reuse: true, async world =>
    {
        var other = await world.SessionAsync();
        var id = await world.SessionAsync();
        var session = world.Host.Entities.Session(id);
        var renewed = await world.UntilAsync(session.RenewAsync(world.Owner, TimeSpan.FromHours(2)));
        await world.UntilAsync(session.SetCloneAsync(world.Owner, new CloneOrder("github", "another")));
        await world.UntilAsync(session.SetCloneAsync(world.Owner, new CloneOrder(null)));
        await world.StopAsync(id);

        var told = await ReadAsync(world, new EventQuery(null, id, 100));

        Assert.Equal(
            [
                SessionEventKind.Created, SessionEventKind.Running, SessionEventKind.Renewed, SessionEventKind.Seeded, SessionEventKind.Reset,
                SessionEventKind.Ended,
            ],
            told.Events.Select(one => one.Event.Kind));
        Assert.All(told.Events, one => Assert.Equal(id, one.Event.SessionId));
        Assert.Equal(told.Events.Select(one => one.Number).Order(), told.Events.Select(one => one.Number));
        Assert.Equal(renewed.IdleAt, told.Events[2].Event.ExpiresAt);
        Assert.Equal(("github", "another"), (told.Events[3].Event.CloneName, told.Events[3].Event.Seed));
        Assert.Equal((SessionEndCause.Stopped, world.Owner.Name), (told.Events[5].Event.Cause, told.Events[5].Event.By));
        Assert.Equal(2, (await ReadAsync(world, new EventQuery(null, other, 100))).Events.Count);
    });

    [Fact]
    public Task Whoever_comes_back_gets_what_it_missed_also_from_a_process_that_was_not_there() => InWorldAsync(reuse: true, async world =>
    {
        var first = await world.SessionAsync();
        var seen = (await ReadAsync(world, new EventQuery(null, first, 100))).Last;
        await world.StopAsync(first);
        var second = await world.SessionAsync();
        await world.Host.CrashAsync();

        var missed = await ReadAsync(world, new EventQuery(seen, null, 100));

        Assert.Equal(
            [(first, SessionEventKind.Ended), (second, SessionEventKind.Created), (second, SessionEventKind.Running)],
            missed.Events.Select(one => (one.Event.SessionId, one.Event.Kind)));
        Assert.Equal([seen + 1, seen + 2, seen + 3], missed.Events.Select(one => one.Number));
        Assert.Equal(missed.Last, (await ReadAsync(world, new EventQuery(null, null, 100))).Last);

        var page = await ReadAsync(world, new EventQuery(seen, null, 2));
        Assert.Equal((2, seen + 2), (page.Events.Count, page.Last));
    });

    [Fact]
    public Task One_that_waits_is_told_when_it_happens_and_answered_when_nothing_does() => InWorldAsync(reuse: true, async world =>
    {
        var id = await world.SessionAsync();
        var last = (await ReadAsync(world, new EventQuery(null, id, 100))).Last;

        var nothing = await ReadAsync(world, new EventQuery(last, id, 100, Waits: true));
        Assert.Equal((0, last), (nothing.Events.Count, nothing.Last));

        var waiting = world.Host.Entities.Events(world.WorkspaceId).ReadAsync(new EventQuery(last, id, 100, Waits: true));
        var began = world.Time.GetUtcNow();
        await world.StopAsync(id);
        var told = await world.UntilAsync(waiting);
        Assert.Equal(SessionEventKind.Ended, Assert.Single(told.Events).Event.Kind);
        Assert.True(world.Time.GetUtcNow() - began < SessionEvents.LongestWait);
    });

    [Fact]
    public Task A_session_that_nobody_uses_ends_for_that() => InWorldAsync(
        new EntityOptions(new LeaseOptions(), new SessionOptions { IdleLimit = TimeSpan.FromMinutes(1) }, new WorkspaceOptions()), async world =>
    {
        var id = await world.SessionAsync();
        await world.PassAsync(TimeSpan.FromMinutes(3));

        var over = (await ReadAsync(world, new EventQuery(null, id, 100))).Events[^1].Event;

        Assert.Equal((SessionEventKind.Ended, SessionEndCause.Idle, null), (over.Kind, over.Cause, over.By));
    });

    [Fact]
    public Task What_is_known_is_not_told_twice_and_nothing_follows_the_end() => InWorldAsync(reuse: true, async world =>
    {
        var events = world.Host.Entities.Events(world.WorkspaceId);
        SessionEvent Of(SessionEventKind kind) => new("ses-x", kind, world.Time.GetUtcNow());
        await world.UntilAsync(events.RecordAsync([Of(SessionEventKind.Created), Of(SessionEventKind.Running)]));
        var renewed = Of(SessionEventKind.Renewed);
        await world.UntilAsync(events.RecordAsync([renewed]));
        await world.UntilAsync(events.RecordAsync([renewed]));
        await world.UntilAsync(events.RecordAsync([renewed with { At = renewed.At.AddSeconds(1) }]));
        await world.UntilAsync(events.RecordAsync([Of(SessionEventKind.Created), Of(SessionEventKind.Failed)]));
        await world.UntilAsync(events.RecordAsync([Of(SessionEventKind.Created), Of(SessionEventKind.Running), Of(SessionEventKind.Renewed)]));

        var told = await ReadAsync(world, new EventQuery(null, "ses-x", 100));

        Assert.Equal(
            [SessionEventKind.Created, SessionEventKind.Running, SessionEventKind.Renewed, SessionEventKind.Renewed, SessionEventKind.Failed],
            told.Events.Select(one => one.Event.Kind));
    });

    [Fact]
    public Task Who_asks_for_what_is_not_there_is_told_so() => InWorldAsync(reuse: true, async world =>
    {
        await world.SessionAsync();
        Assert.True((await ReadAsync(world, new EventQuery(1_000, null, 100, Waits: true))).IsGone);

        // More than are kept, in pieces.
        var events = world.Host.Entities.Events(world.WorkspaceId);
        foreach (var piece in Enumerable.Range(0, 12_000).Chunk(1_000))
        {
            await world.UntilAsync(events.RecordAsync([.. piece.Select(i => new SessionEvent($"ses-{i}", SessionEventKind.Created, world.Time.GetUtcNow()))]));
        }

        Assert.True((await ReadAsync(world, new EventQuery(1, null, 100))).IsGone);
        var kept = await ReadAsync(world, new EventQuery(12_002 - SessionEvents.Kept, null, 5));
        Assert.Equal((false, 5), (kept.IsGone, kept.Events.Count));
        Assert.Equal("ses-11999", (await ReadAsync(world, new EventQuery(null, "ses-11999", 5))).Events.Single().Event.SessionId);
        Assert.Empty((await ReadAsync(world, new EventQuery(null, "ses-1", 5))).Events);
    });

    private static Task<EventPage> ReadAsync(World world, EventQuery query) =>
        world.UntilAsync(world.Host.Entities.Events(world.WorkspaceId).ReadAsync(query));
}
