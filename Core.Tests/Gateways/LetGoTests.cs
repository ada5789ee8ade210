using ControlPlane.Behaviour;
using ControlPlane.Hosting;
using ControlPlane.Leases;
using ControlPlane.Sessions;

namespace ControlPlane.Gateways;

/// <summary>What becomes of a session's use when its gateway holds too much and lets its fact go.</summary>
public sealed class LetGoTests
{
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(3);

    /// <summary>A third of a lease, so that what is due every third has been done.</summary>
    private static readonly TimeSpan Round = new LeaseOptions().Third + TimeSpan.FromMilliseconds(10);

    [Theory, InlineData(true), InlineData(false)]
    public Task Use_that_was_reported_outlasts_the_activation_that_heard_of_it(bool reuse) => InWorldAsync(reuse, async (world, host) =>
    {
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync());
        var gateway = await host.GatewayAsync();
        Assert.Null(await gateway.TryAsync(key.Token, session));
        await world.PassAsync(TimeSpan.FromSeconds(20));
        Assert.Null(await gateway.TryAsync(key.Token, session));
        var last = world.Time.GetUtcNow();
        await world.PassAsync(Round);

        LetGo(gateway, session);
        await world.PassAsync(Round);
        Assert.Equal(0, gateway.Gateway.Tables.Accounts);
        await host.CrashAsync();

        await world.PassAsync(last + Idle - Moment - world.Time.GetUtcNow());
        Assert.Equal(SessionStatus.Running, (await world.DescribeAsync(session)).Status);
        await world.PassAsync(Moment * 2);
        Assert.Equal(SessionStatus.Ended, (await world.DescribeAsync(session)).Status);
    });

    [Fact]
    public Task Nothing_is_forgotten_before_its_owner_has_saved_it() => InWorldAsync(reuse: true, async (world, host) =>
    {
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync());
        var gateway = await host.GatewayAsync();
        Assert.Null(await gateway.TryAsync(key.Token, session));
        await world.PassAsync(TimeSpan.FromSeconds(20));
        Assert.Null(await gateway.TryAsync(key.Token, session));
        var last = world.Time.GetUtcNow();
        await world.PassAsync(Round);
        host.Storage.Before = step => step is { Action: StorageAction.Write, Entity.Kind: EntityKinds.Session } ? throw new IOException() : Task.CompletedTask;
        LetGo(gateway, session);
        await world.PassAsync(2 * Round);
        Assert.Equal(1, gateway.Gateway.Tables.Accounts);

        host.Storage.Before = null;
        await world.PassAsync(Round);
        Assert.Equal(0, gateway.Gateway.Tables.Accounts);
        Assert.InRange((await world.DescribeAsync(session)).LastUsedAt, last, last + TimeSpan.FromMilliseconds(1));
    });

    [Fact]
    public Task A_session_that_is_used_again_goes_on_being_reported() => InWorldAsync(reuse: true, async (world, host) =>
    {
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync());
        var gateway = await host.GatewayAsync();
        Assert.Null(await gateway.TryAsync(key.Token, session));
        LetGo(gateway, session);
        var stream = await gateway.AskAsync(key.Token, session);
        await world.PassAsync(2 * Round);
        Assert.Equal(1, gateway.Gateway.Tables.Accounts);

        Assert.True(stream.MayPass(1));
        var last = world.Time.GetUtcNow();
        await world.PassAsync(Round);
        Assert.InRange((await world.DescribeAsync(session)).LastUsedAt, last, last + TimeSpan.FromMilliseconds(1));
    });

    [Fact]
    public Task Too_many_facts_go_those_unused_for_longest_first_and_never_one_in_use() => InWorldAsync(reuse: true, async (world, host) =>
    {
        var gateway = await host.GatewayAsync();
        var upkeep = new Upkeep(gateway.Gateway, host.Entities);
        var users = new List<(string Token, string Session)>();
        for (var number = 0; number < 4; number++)
        {
            users.Add(((await world.MemberAsync($"user{number}")).Token, await world.SessionAsync()));
        }

        // The first goes on running; then the others, of which the second is used last.
        var running = await gateway.AskAsync(users[0].Token, users[0].Session);
        foreach (var (token, session) in (List<(string, string)>)[users[1], users[2], users[3], users[1]])
        {
            await world.PassAsync(TimeSpan.FromSeconds(1));
            Assert.Null(await gateway.TryAsync(token, session));
        }

        upkeep.LetGo(most: 2);

        var facts = gateway.Gateway;
        Assert.Equal(["user0", "user1"], facts.Memberships.All.Select(held => held.Fact.UserId).Order(StringComparer.Ordinal));
        Assert.Equal(["user0", "user1"], facts.Credentials.All.Select(held => held.Fact.UserId).Order(StringComparer.Ordinal));
        Assert.Equal(new[] { users[0].Session, users[1].Session }.Order(), facts.SessionFacts.All.Select(held => held.Fact.SessionId).Order());
        Assert.True(running.MayPass(1));
        Assert.Null(await gateway.TryAsync(users[2].Token, users[2].Session));

        await world.RemoveMemberAsync("user0");
        Assert.False(running.MayPass(1));
    });

    [Fact]
    public Task A_doubted_fact_is_asked_for_again_once_a_second_at_most_and_what_runs_on_it_goes_on() => InWorldAsync(reuse: true, async (world, host) =>
    {
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync());
        var gateway = await host.GatewayAsync();
        var (running, failed) = (await gateway.AskAsync(key.Token, session), await gateway.AskAsync(key.Token, session));
        HeldSession Held() => gateway.Gateway.SessionFacts.All.Single();

        var first = Held();
        gateway.Admission.Doubt(failed);
        Assert.Empty(gateway.Gateway.SessionFacts.All);
        var next = await gateway.AskNowAsync(key.Token, session);
        var second = Held();
        Assert.NotSame(first, second);
        Assert.Same(first.Account, second.Account);

        gateway.Admission.Doubt(next);
        Assert.Same(second, Held());
        await world.PassAsync(TimeSpan.FromSeconds(1));
        gateway.Admission.Doubt(failed);
        Assert.Same(second, Held());
        await world.PassAsync(TimeSpan.FromSeconds(1));
        gateway.Admission.Doubt(next);
        Assert.Empty(gateway.Gateway.SessionFacts.All);

        // What is recalled later reaches what was decided on a fact that is not held any more.
        Assert.True(running.MayPass(1));
        await world.StopAsync(session);
        Assert.False(running.MayPass(1));
    });

    [Fact]
    public void A_use_at_the_moment_of_the_closing_is_found_or_looks_again()
    {
        var account = new HeldAccount();
        Assert.True(account.TryHold());
        account.Leave();
        Assert.True(account.Touch(1));
        Assert.False(account.TryClose(0));
        Assert.True(account.Touch(2));
        Assert.True(account.TryClose(2));

        Assert.False(account.Touch(3));
        Assert.False(account.TryHold());
    }

    private static void LetGo(TestGateway gateway, string session) =>
        gateway.Gateway.LetGo(session, gateway.Gateway.SessionFacts.Entries().Single(entry => entry.Key == session).Value);

    private static Task InWorldAsync(bool reuse, Func<World, LocalBehaviourHost, Task> story) => Task.Run(async () =>
    {
        await using var host = new LocalBehaviourHost(new(new LeaseOptions { Reuse = reuse }, new SessionOptions(), new()));
        await story(await World.InAsync(host), host);
    });
}
