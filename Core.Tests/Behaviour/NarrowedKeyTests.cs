using ControlPlane.Authorization;
using ControlPlane.Credentials;
using ControlPlane.Errors;
using ControlPlane.Sessions;

namespace ControlPlane.Behaviour;

/// <summary>Keys for one session alone, and who may make which keys.</summary>
public abstract class NarrowedKeyTests : BehaviourTests
{
    [Theory, InlineData(true), InlineData(false)]
    public Task A_key_for_one_session_opens_that_one_and_no_other(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var (mine, other) = (await world.SessionAsync(), await world.SessionAsync());
        var (key, all) = (await KeyAsync(world, Scopes.SessionsWrite, mine), await world.KeyAsync());
        var gateway = await world.Host.GatewayAsync();

        Assert.Equal(ErrorCode.ScopeMissing, await gateway.TryAsync(key.Token, other));
        Assert.Null(await gateway.TryAsync(key.Token, mine));

        // The other session's fact is in hand by now, and says no more to this key.
        Assert.Null(await gateway.TryAsync(all.Token, other));
        Assert.Equal(ErrorCode.ScopeMissing, await gateway.TryAsync(key.Token, other));
        Assert.Equal(ErrorCode.ScopeMissing, await gateway.TryAsync((await KeyAsync(world, Scopes.SessionsRead, mine)).Token, mine));

        await world.RevokeAsync(key);
        Assert.Equal(ErrorCode.CredentialInvalid, await gateway.TryAsync(key.Token, mine));
    });

    [Fact]
    public Task A_caller_for_one_session_reads_renews_and_stops_that_one_and_creates_none() => InWorldAsync(true, async world =>
    {
        var (mine, other) = (await world.SessionAsync(), await world.SessionAsync());
        var sessions = world.Host.Entities;
        var caller = new Caller("k", CredentialKind.WorkspaceKey, world.WorkspaceId, null, null, Scopes.SessionsWrite, mine);

        Assert.Equal(ErrorCode.ScopeMissing, await world.RefusalOfAsync(sessions.Session(SessionId.New()).CreateAsync(caller, World.New())));
        Assert.Equal(ErrorCode.ScopeMissing, await world.RefusalOfAsync(sessions.Session(other).DescribeAsync(caller)));
        Assert.Equal(ErrorCode.ScopeMissing, await world.RefusalOfAsync(sessions.Session(other).RenewAsync(caller, TimeSpan.FromHours(1))));
        Assert.Equal(ErrorCode.ScopeMissing, await world.RefusalOfAsync(sessions.Session(other).StopAsync(caller)));
        Assert.Equal(ErrorCode.ScopeMissing, await world.RefusalOfAsync(sessions.Session(mine).StopAsync(caller with { Scopes = Scopes.SessionsRead })));
        var query = new SessionQuery([], null, null, 10, null, mine);
        Assert.Equal([mine], (await world.UntilAsync(sessions.Sessions(world.WorkspaceId).PageAsync(query))).SessionIds);

        Assert.Null(await world.RefusalOfAsync(sessions.Session(mine).DescribeAsync(caller)));
        Assert.Null(await world.RefusalOfAsync(sessions.Session(mine).RenewAsync(caller, TimeSpan.FromHours(1))));
        Assert.Null(await world.RefusalOfAsync(sessions.Session(mine).StopAsync(caller)));
        Assert.Equal(SessionStatus.Running, (await world.DescribeAsync(other)).Status);
    });

    [Fact]
    public Task Nobody_makes_a_key_that_may_do_more_than_he_or_learns_the_secret_of_one() => InWorldAsync(true, async world =>
    {
        var (mine, other) = (await world.SessionAsync(), await world.SessionAsync());
        var reader = world.Owner with { Scopes = Scopes.SessionsRead };
        var forOne = world.Owner with { SessionId = mine };

        Assert.Equal(ErrorCode.ScopeMissing, await MakeAsync(world, reader, Scopes.SessionsWrite, null));
        Assert.Equal(ErrorCode.ScopeMissing, await MakeAsync(world, reader, Scopes.SessionsRead | Scopes.WorkspacesRead, null));
        Assert.Equal(ErrorCode.ScopeMissing, await MakeAsync(world, forOne, Scopes.SessionsRead, null));
        Assert.Equal(ErrorCode.ScopeMissing, await MakeAsync(world, forOne, Scopes.SessionsRead, other));
        Assert.Null(await MakeAsync(world, reader, Scopes.SessionsRead, mine));
        Assert.Null(await MakeAsync(world, forOne, Scopes.SessionsWrite, mine));
        Assert.Null(await MakeAsync(world, forOne, Scopes.WorkspacesRead, null));

        var key = await world.KeyAsync();
        var secret = TokenDigest.Of(Token.Create(CredentialKind.WorkspaceKey, key.Id));
        Assert.Equal(ErrorCode.ScopeMissing, await world.RefusalOfAsync(
            world.Host.Entities.Credential(key.Id).RotateAsync(reader, secret, TimeSpan.Zero)));
        Assert.Null(await (await world.Host.GatewayAsync()).TryAsync(key.Token, other));
    });

    private static async Task<TestKey> KeyAsync(World world, Scopes scopes, string session)
    {
        var id = Token.NewId();
        var key = new TestKey(id, Token.Create(CredentialKind.WorkspaceKey, id));
        await world.UntilAsync(world.Workspace.CreateKeyAsync(world.Owner, id, New(world, scopes, session, key.Token)));
        return key;
    }

    private static Task<ErrorCode?> MakeAsync(World world, Caller caller, Scopes scopes, string? session)
    {
        var id = Token.NewId();
        return world.RefusalOfAsync(world.Workspace.CreateKeyAsync(
            caller, id, New(world, scopes, session, Token.Create(CredentialKind.WorkspaceKey, id))));
    }

    private static NewCredential New(World world, Scopes scopes, string? session, string token) => new(
        CredentialKind.WorkspaceKey, world.WorkspaceId, null, "narrow", scopes, TokenDigest.Of(token), world.Time.GetUtcNow(), world.Owner.Name, null, session);
}
