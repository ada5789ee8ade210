using ControlPlane.Credentials;
using ControlPlane.Errors;
using ControlPlane.Hosting;
using ControlPlane.Sessions;

namespace ControlPlane.Entities;

public sealed class EntityGrainTests
{
    [Theory, InlineData(true), InlineData(false)]
    public async Task A_session_is_made_reached_and_stopped_across_silos(bool reuse)
    {
        await using var cluster = await TestCluster.StartAsync(reuse);
        var team = await Team.InAsync(cluster.Entities);
        var key = await team.KeyAsync();
        var session = await team.SessionAsync();
        var gateways = new[] { await cluster.GatewayAsync(), await cluster.GatewayAsync() };

        foreach (var gateway in gateways)
        {
            var call = await TestCall.AskAsync(gateway, key.Token, session);
            Assert.Null(call.Verdict.Refusal);
            Assert.Equal("http://w1.test:7000/", call.Verdict.Route?.Worker.ToString());
        }

        var report = await team.RevokeAsync(key.Id);

        Assert.Equal((2, 0), (report!.Acknowledged, report.Waited));
        foreach (var gateway in gateways)
        {
            Assert.Equal(ErrorCode.CredentialInvalid, (await TestCall.AskAsync(gateway, key.Token, session)).Verdict.Refusal?.Code);
        }

        await cluster.Entities.Session(session).StopAsync(team.Owner);
        Assert.Empty(cluster.Ports.Running);
        var page = await cluster.Entities.Sessions(team.Id).PageAsync(new SessionQuery([], null, null, 10, null));
        Assert.Equal([session], page.SessionIds);
    }

    [Fact]
    public async Task A_refusal_crosses_with_its_code_and_its_retry_after()
    {
        await using var cluster = await TestCluster.StartAsync();
        var team = await Team.InAsync(cluster.Entities);

        var refused = await Assert.ThrowsAsync<ControlPlaneException>(() => cluster.Entities.Session(SessionId.New()).DescribeAsync(team.Owner));
        Assert.Equal(ErrorCode.SessionNotFound, refused.Code);

        cluster.Store.Before = (_, _) => throw new IOException("The store is away.");
        var away = await Assert.ThrowsAsync<ControlPlaneException>(() => cluster.Entities.Session(SessionId.New()).DescribeAsync(team.Owner));
        Assert.Equal((ErrorCode.ControlPlaneUnavailable, TimeSpan.FromSeconds(1)), (away.Code, away.Refusal.RetryAfter));
    }

    [Fact]
    public async Task An_entity_without_a_record_goes_when_it_has_answered()
    {
        await using var cluster = await TestCluster.StartAsync();
        var stranger = cluster.Grains.GetGrain<ICredentialGrain>(Token.NewId());

        var answer = await stranger.AuthorizeAsync(TokenDigest.Of("x"), "nobody", fresh: false);

        Assert.Equal(CredentialStanding.Unknown, answer.Standing);
        await cluster.Engine.WaitForDeactivationAsync(stranger.GetGrainId()).WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System);
    }

    [Fact]
    public async Task What_was_acknowledged_is_there_after_every_activation_has_gone()
    {
        await using var cluster = await TestCluster.StartAsync();
        var team = await Team.InAsync(cluster.Entities);
        var key = await team.KeyAsync();
        var session = await team.SessionAsync();

        await cluster.CollectAsync();

        Assert.Equal(SessionStatus.Running, (await cluster.Entities.Session(session).DescribeAsync(team.Owner)).Status);
        Assert.Equal(key.Id, Assert.Single(await team.Workspace.KeysAsync(team.Owner)).Id);
    }
}
