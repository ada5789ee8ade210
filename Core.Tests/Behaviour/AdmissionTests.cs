using System.Net;
using ControlPlane.Credentials;
using ControlPlane.Errors;
using ControlPlane.Workspaces;

namespace ControlPlane.Behaviour;

/// <summary>Contract 2.4: credential → session → workspace → scope → status → clone → budget; the first that fails answers.</summary>
public abstract class AdmissionTests : BehaviourTests
{
    private static readonly IPAddress Somewhere = IPAddress.Parse("192.0.2.1");

    [Theory, InlineData(true), InlineData(false)]
    public Task The_first_that_fails_answers(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var other = await World.InAsync(world.Host, "ws-b");
        var (good, reader, foreign) = (await world.KeyAsync(), await world.KeyAsync(Scopes.SessionsRead), await other.KeyAsync(Scopes.SessionsRead));
        var (running, ended) = (await world.SessionAsync(), await world.SessionAsync());
        var spent = await world.SessionAsync(rateLimit: 1);
        await world.StopAsync(ended);
        var gateway = await world.Host.GatewayAsync();
        Assert.Null(await gateway.TryAsync(good.Token, spent));
        var missing = Sessions.SessionId.New();
        var unknown = Token.Create(CredentialKind.WorkspaceKey, Token.NewId());
        var expected = new (string Token, string Session, string Clone, ErrorCode? Code)[]
        {
            (good.Token, running, "github", null),
            ("no token of ours", missing, "none", ErrorCode.CredentialMalformed),
            (Mistyped(good.Token), running, "github", ErrorCode.CredentialMalformed),
            (unknown, running, "github", ErrorCode.CredentialInvalid),
            (unknown, missing, "none", ErrorCode.CredentialInvalid),
            (unknown, ended, "none", ErrorCode.CredentialInvalid),
            (foreign.Token, missing, "none", ErrorCode.SessionNotFound),
            (foreign.Token, running, "none", ErrorCode.SessionForbidden),
            (foreign.Token, ended, "none", ErrorCode.SessionForbidden),
            (foreign.Token, spent, "none", ErrorCode.SessionForbidden),
            (reader.Token, missing, "none", ErrorCode.SessionNotFound),
            (reader.Token, running, "none", ErrorCode.ScopeMissing),
            (reader.Token, ended, "none", ErrorCode.ScopeMissing),
            (good.Token, missing, "github", ErrorCode.SessionNotFound),
            (good.Token, ended, "none", ErrorCode.SessionEnded),
            (good.Token, running, "none", ErrorCode.CloneNotInSession),
            (good.Token, spent, "none", ErrorCode.CloneNotInSession),
            (good.Token, spent, "github", ErrorCode.RequestBudgetExhausted),
        };

        // Twice: the second time on whatever was kept of the first.
        foreach (var row in expected.Concat(expected))
        {
            Assert.Equal((row, row.Code), (row, await gateway.TryAsync(row.Token, row.Session, row.Clone)));
        }
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task Without_a_valid_credential_every_session_gives_the_same_answer(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var (running, ended) = (await world.SessionAsync(), await world.SessionAsync());
        await world.StopAsync(ended);
        var (revoked, expired) = (await world.KeyAsync(), await world.KeyAsync(expires: TimeSpan.FromSeconds(5)));
        await world.RevokeAsync(revoked);
        await world.PassAsync(TimeSpan.FromSeconds(6));
        var wrongSecret = Token.Create(CredentialKind.WorkspaceKey, revoked.Id);
        var gateway = await world.Host.GatewayAsync();
        foreach (var token in (string[])[revoked.Token, expired.Token, wrongSecret, Token.Create(CredentialKind.Personal, Token.NewId())])
        {
            var answers = new HashSet<Refusal>();
            foreach (var session in (string[])[running, ended, Sessions.SessionId.New()])
            {
                answers.Add((await gateway.AskAsync(token, session)).Verdict.Refusal!);
            }

            Assert.Equal(401, Assert.Single(answers).Code.Status());
        }
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task A_key_ends_at_its_expiry_and_what_runs_on_it_too(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var key = await world.KeyAsync(expires: TimeSpan.FromSeconds(30));
        var session = await world.SessionAsync();
        var gateway = await world.Host.GatewayAsync();
        var request = await gateway.AskAsync(key.Token, session);
        await world.PassAsync(TimeSpan.FromSeconds(29));
        Assert.True(request.MayPass(1));
        Assert.Null(await gateway.TryAsync(key.Token, session));

        await world.PassAsync(TimeSpan.FromSeconds(1));
        Assert.False(request.MayPass(1));
        Assert.Equal(ErrorCode.CredentialExpired, request.CutBecause?.Code);
        Assert.Equal(ErrorCode.CredentialExpired, await gateway.TryAsync(key.Token, session));
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task A_user_s_token_reaches_the_sessions_of_workspaces_it_is_a_member_of(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var other = await World.InAsync(world.Host, "ws-b");
        var (here, there) = (await world.SessionAsync(), await other.SessionAsync());
        var (owner, stranger) = (await world.TokenOfAsync(other.Owner.UserId!), await world.TokenOfAsync("stranger"));
        var gateway = await world.Host.GatewayAsync();
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(ErrorCode.SessionForbidden, await gateway.TryAsync(owner.Token, here));
            Assert.Null(await gateway.TryAsync(owner.Token, there));
            Assert.Equal(ErrorCode.SessionForbidden, await gateway.TryAsync(stranger.Token, there));
        }
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task A_caller_acts_in_the_workspace_it_names_if_it_may(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var key = await world.KeyAsync();
        var (owner, stranger) = (await world.TokenOfAsync(world.Owner.UserId!), await world.TokenOfAsync("stranger"));
        var gateway = await world.Host.GatewayAsync();

        Assert.Equal((world.WorkspaceId, null), Seen((await gateway.IdentifyAsync(key.Token)).Identity.Caller));
        Assert.Equal((world.WorkspaceId, Role.Owner), Seen((await gateway.IdentifyAsync(owner.Token)).Identity.Caller));
        Assert.Equal(ErrorCode.WorkspaceKeyScopeMismatch, (await gateway.IdentifyAsync(key.Token, "ws-b")).Refused);
        Assert.Equal(ErrorCode.RoleMissing, (await gateway.IdentifyAsync(owner.Token, "ws-b")).Refused);
        Assert.Equal(ErrorCode.RoleMissing, (await gateway.IdentifyAsync(stranger.Token)).Refused);
        await world.RevokeAsync(key);
        Assert.Equal(ErrorCode.CredentialInvalid, (await gateway.IdentifyAsync(key.Token)).Refused);

        static (string?, Role?) Seen(Authorization.Caller? caller) => (caller?.WorkspaceId, caller?.Role);
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task Twenty_refused_tokens_a_minute_from_one_address_and_no_more(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync());
        var gateway = await world.Host.GatewayAsync();
        for (var i = 0; i < 20; i++)
        {
            var token = i % 2 == 0 ? Token.Create(CredentialKind.WorkspaceKey, Token.NewId()) : "malformed";
            Assert.Equal(401, (await gateway.TryAsync(token, session, from: Somewhere))!.Value.Status());
        }

        var refused = (await gateway.AskAsync("malformed", session, from: Somewhere)).Verdict.Refusal;
        Assert.Equal(ErrorCode.TooManyRequests, refused?.Code);
        Assert.InRange(refused!.RetryAfter!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3));
        Assert.Null(await gateway.TryAsync(key.Token, session, from: IPAddress.Parse("192.0.2.2")));
        await world.PassAsync(refused.RetryAfter.Value);
        Assert.Equal(ErrorCode.CredentialMalformed, await gateway.TryAsync("malformed", session, from: Somewhere));
        Assert.Equal(ErrorCode.TooManyRequests, await gateway.TryAsync("malformed", session, from: Somewhere));
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task Nothing_is_counted_or_extended_for_a_request_that_is_refused(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var other = await World.InAsync(world.Host, "ws-b");
        var (foreign, reader, good) = (await other.KeyAsync(), await world.KeyAsync(Scopes.SessionsRead), await world.KeyAsync());
        var session = await world.SessionAsync(rateLimit: 100);
        var before = await world.DescribeAsync(session);
        await world.PassAsync(TimeSpan.FromMinutes(5));
        var gateway = await world.Host.GatewayAsync();
        await gateway.TryAsync(foreign.Token, session);
        await gateway.TryAsync(reader.Token, session);
        await gateway.TryAsync(good.Token, session, "none");
        await world.PassAsync(TimeSpan.FromSeconds(10));

        var after = await world.DescribeAsync(session);
        Assert.Equal((before.LastUsedAt, before.IdleAt, before.RequestsLeft), (after.LastUsedAt, after.IdleAt, after.RequestsLeft));
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task Owners_that_cannot_be_reached_are_unavailable_and_never_unknown(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync());
        var gateway = await world.Host.GatewayAsync();
        gateway.Link.IsCut = true;

        var refusal = (await gateway.AskAsync(key.Token, session)).Verdict.Refusal!;
        Assert.Equal(ErrorCode.ControlPlaneUnavailable, refusal.Code);
        Assert.NotNull(refusal.RetryAfter);
        gateway.Link.IsCut = false;
        await world.PassAsync(world.Host.Options.Leases.Duration);
        Assert.Null(await gateway.TryAsync(key.Token, session));
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task A_gateway_that_was_cut_off_goes_on_under_a_new_incarnation(bool reuse) => InWorldAsync(reuse, async world =>
    {
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync());
        var gateway = await world.Host.GatewayAsync();
        var request = await gateway.AskAsync(key.Token, session);
        gateway.Link.IsCut = true;
        await world.PassAsync(world.Host.Options.Leases.Duration);
        Assert.False(request.MayPass(1));
        Assert.Equal((1, ErrorCode.ControlPlaneUnavailable), (request.Cuts, request.CutBecause?.Code));
        Assert.False(gateway.Gateway.IsReady);

        gateway.Link.IsCut = false;
        await world.PassAsync(world.Host.Options.Leases.Third);
        Assert.True(gateway.Gateway.IsReady);
        Assert.Null(await gateway.TryAsync(key.Token, session));
        Assert.Equal(1, (await world.RevokeAsync(key))!.Acknowledged - 1);
    });

    private static string Mistyped(string token) => token[..^1] + (token[^1] == '0' ? '1' : '0');
}
