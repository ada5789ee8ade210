using ControlPlane.Credentials;
using ControlPlane.Errors;
using ControlPlane.Leases;
using ControlPlane.Sessions;

namespace ControlPlane.Hosting;

public sealed class FailoverTests
{
    [Theory, InlineData(true), InlineData(false)]
    public async Task Gateways_go_on_admitting_while_a_silo_dies(bool graceful)
    {
        await using var cluster = await TestCluster.StartAsync();
        var team = await Team.InAsync(cluster.Entities);
        var key = await team.KeyAsync();
        var session = await team.SessionAsync();
        var gateway = await cluster.GatewayAsync();
        var running = await TestCall.AskAsync(gateway, key.Token, session);
        Assert.Null(running.Verdict.Refusal);

        var dying = await cluster.SiloOfAsync(cluster.Grains.GetGrain<ISessionGrain>(session));
        var death = graceful ? cluster.Engine.StopSiloAsync(dying!) : cluster.Engine.KillSiloAsync(dying!);
        var began = TimeProvider.System.GetTimestamp();
        for (var asked = 0; TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(6); asked++)
        {
            Assert.Null((await TestCall.AskAsync(gateway, key.Token, session)).Verdict.Refusal);
            Assert.True(running.MayPass(1), $"cut after {asked} requests");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        await death;
        Assert.Equal(SessionStatus.Running, (await cluster.Entities.Session(session).DescribeAsync(team.Owner)).Status);
        var report = await team.RevokeAsync(key.Id);
        Assert.Equal(1, report!.Acknowledged);
        Assert.False(running.MayPass(1));
        Assert.Equal(ErrorCode.CredentialInvalid, (await TestCall.AskAsync(gateway, key.Token, session)).Verdict.Refusal?.Code);
    }

    [Fact]
    public async Task What_is_asked_of_a_silo_while_it_dies_is_answered_late_and_not_refused()
    {
        await using var cluster = await TestCluster.StartAsync();
        var team = await Team.InAsync(cluster.Entities);
        var session = await team.SessionAsync();
        var keys = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => team.KeyAsync()));
        var dying = await cluster.SiloOfAsync(cluster.Grains.GetGrain<ICredentialGrain>(keys[0].Id));

        var began = TimeProvider.System.GetTimestamp();
        var revoking = keys.Select(key => team.RevokeAsync(key.Id)).ToList();
        await cluster.Engine.KillSiloAsync(dying!);
        var after = new List<Task> { cluster.Entities.Session(session).DescribeAsync(team.Owner) };
        after.AddRange(Enumerable.Range(0, 10).Select(_ => team.KeyAsync()));

        Assert.All(await Task.WhenAll(revoking), report => Assert.Equal((0, 0), (report!.Acknowledged, report.Waited)));
        await Task.WhenAll(after);

        // What fails over within 5 s, and a machine that does other things too.
        Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(8), "late");
    }

    [Fact]
    public async Task A_cluster_that_was_killed_whole_comes_back_and_its_clients_with_it()
    {
        await using var cluster = await TestCluster.StartAsync();
        var team = await Team.InAsync(cluster.Entities);
        var key = await team.KeyAsync();
        var session = await team.SessionAsync();
        var gateway = await cluster.GatewayAsync();
        await TestCall.AskAsync(gateway, key.Token, session);

        foreach (var silo in cluster.Engine.Silos.ToList())
        {
            await cluster.Engine.KillSiloAsync(silo);
        }

        var began = TimeProvider.System.GetTimestamp();
        await cluster.Engine.StartSilosAsync(3);
        var view = await Until.AnsweredAsync(() => cluster.Entities.Session(session).DescribeAsync(team.Owner));
        var took = TimeProvider.System.GetElapsedTime(began);

        Assert.Equal(SessionStatus.Running, view.Status);
        Assert.True(took < TimeSpan.FromSeconds(10), $"It took {took}.");
        await gateway.ReadyAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System);
        await Until.AnsweredAsync(async () => (await TestCall.AskAsync(gateway, key.Token, session)).Verdict switch
        {
            { Refusal: { } no } => throw new ControlPlaneException(no),
            { } yes => yes,
        });
    }

    [Fact]
    public async Task While_no_silo_is_there_every_call_is_told_to_come_back()
    {
        await using var cluster = await TestCluster.StartAsync();
        foreach (var silo in cluster.Engine.Silos.ToList())
        {
            await cluster.Engine.KillSiloAsync(silo);
        }

        var calls = new Func<Task>[]
        {
            () => cluster.Entities.Workers.CatalogueAsync(), () => cluster.Entities.Workspace("ws").DescribeAsync(),
            () => cluster.Entities.Gateway("nobody").IsOverAsync(), () => Operations.Overview.ReadAsync(cluster.Entities),
        };
        foreach (var call in calls)
        {
            var problem = await Assert.ThrowsAsync<ControlPlaneException>(() => call().WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System));
            Assert.Equal(ErrorCode.ControlPlaneUnavailable, problem.Code);
            Assert.NotNull(problem.Refusal.RetryAfter);
        }
    }

    [Fact]
    public async Task A_client_that_was_away_is_a_new_incarnation_and_its_old_one_runs_out()
    {
        await using var cluster = await TestCluster.StartAsync();
        var team = await Team.InAsync(cluster.Entities);
        var key = await team.KeyAsync();
        var session = await team.SessionAsync();
        var lost = await cluster.GatewayAsync();
        await TestCall.AskAsync(lost, key.Token, session);

        await cluster.Engine.KillClientAsync();
        await cluster.Engine.InitializeClientAsync();

        var began = TimeProvider.System.GetTimestamp();
        var report = await Until.AnsweredAsync(() => new Team(cluster.Entities, team.Id).RevokeAsync(key.Id));
        Assert.Equal((1, 1), (report!.Acknowledged, report.Waited));

        // The lease, the silence after which it is asked, and the answer's way back on a busy machine.
        var leases = new LeaseOptions();
        Assert.True(TimeProvider.System.GetElapsedTime(began) < leases.DurationWithDrift + leases.Silence + TimeSpan.FromSeconds(2), "bounded by one lease");
    }
}
