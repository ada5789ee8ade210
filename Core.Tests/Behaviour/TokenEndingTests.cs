using ControlPlane.Credentials;
using ControlPlane.Errors;
using ControlPlane.Gateways;
using ControlPlane.Leases;
using ControlPlane.Workspaces;

namespace ControlPlane.Behaviour;

/// <summary>Whoever holds a token may end it, of whatever kind, and it has ended everywhere when that is answered.</summary>
public abstract class TokenEndingTests : BehaviourTests
{
    [Theory, InlineData(true), InlineData(false)]
    public Task A_key_and_a_users_token_end_for_their_holder(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var session = await world.SessionAsync();
        var (one, two) = (await world.Host.GatewayAsync(), await world.Host.GatewayAsync());
        foreach (var token in (TestKey[])[await world.KeyAsync(), await world.MemberAsync("bob", Role.Admin)])
        {
            var running = await two.AskAsync(token.Token, session);
            Assert.Null(await one.TryAsync(token.Token, session));

            var (first, again) = (await EndAsync(world, one, token.Token), await EndAsync(world, two, token.Token));

            Assert.Equal(2, first!.Acknowledged);
            Assert.Equal(first, again);
            Assert.Equal((false, ErrorCode.CredentialInvalid), (running.MayPass(1), running.CutBecause?.Code));
            Assert.Equal(ErrorCode.CredentialInvalid, await one.TryAsync(token.Token, session));
            Assert.Equal(ErrorCode.CredentialInvalid, await two.TryAsync(token.Token, session));
        }
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task A_secret_in_its_grace_ends_alone(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var (old, session) = (await world.KeyAsync(), await world.SessionAsync());
        var gateway = await world.Host.GatewayAsync();
        var (next, _) = await world.RotateAsync(old, TimeSpan.FromHours(1));
        Assert.Null(await gateway.TryAsync(old.Token, session));
        var running = await gateway.AskAsync(next.Token, session);

        Assert.Equal(1, (await EndAsync(world, gateway, old.Token))!.Acknowledged);

        Assert.Equal(ErrorCode.CredentialInvalid, await gateway.TryAsync(old.Token, session));
        Assert.Null(await gateway.TryAsync(next.Token, session));

        // What ran on the present secret is cut like after a rotation: it is told to come again, and not that its secret is bad.
        Assert.Equal((false, ErrorCode.ControlPlaneUnavailable), (running.MayPass(1), running.CutBecause?.Code));
        await world.Host.CrashAsync();
        Assert.Equal(ErrorCode.CredentialInvalid, await gateway.TryAsync(old.Token, session));
        Assert.NotNull(await EndAsync(world, gateway, old.Token));
        Assert.Null(await gateway.TryAsync(next.Token, session));
    });

    [Fact]
    public Task What_is_no_token_ends_nothing_and_too_many_of_them_are_told_to_wait() => InWorldAsync(true, async world =>
    {
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync());
        var gateway = await world.Host.GatewayAsync();
        var from = System.Net.IPAddress.Parse("192.0.2.1");

        // The same credential with another secret, one that does not exist, and no token at all.
        Assert.Null(await EndAsync(world, gateway, Token.Create(CredentialKind.WorkspaceKey, key.Id), from));
        Assert.Null(await EndAsync(world, gateway, Token.Create(CredentialKind.Personal, Token.NewId()), from));
        Assert.Null(await EndAsync(world, gateway, "no token", from));
        for (var more = 3; more < 20; more++)
        {
            await EndAsync(world, gateway, "no token", from);
        }

        Assert.Equal(ErrorCode.TooManyRequests, await world.RefusalOfAsync(EndAsync(world, gateway, key.Token, from)));
        Assert.Null(await gateway.TryAsync(key.Token, session));
    });

    private static Task<RecallReport?> EndAsync(World world, TestGateway gateway, string token, System.Net.IPAddress? from = null) =>
        world.UntilAsync(gateway.Admission.EndAsync(world.Host.Entities, token, from, default));
}
