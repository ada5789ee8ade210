using ControlPlane.Authorization;
using ControlPlane.Credentials;
using ControlPlane.Entities;
using ControlPlane.Gateways;
using ControlPlane.Leases;
using ControlPlane.Sessions;
using ControlPlane.Workspaces;

namespace ControlPlane.Hosting;

/// <summary>A workspace with its owner, and what a test does there again and again.</summary>
internal sealed class Team(IEntities entities, string id)
{
    public string Id => id;

    public Caller Owner { get; } = new("own", CredentialKind.Personal, id, $"{id}-owner", Role.Owner, ScopeRules.All);

    public IWorkspace Workspace => entities.Workspace(id);

    public static async Task<Team> InAsync(IEntities entities)
    {
        var team = new Team(entities, $"ws-{Token.NewId()}");
        await team.Workspace.CreateAsync(new NewWorkspace("team", team.Owner.UserId!, TimeProvider.System.GetUtcNow()));
        return team;
    }

    public async Task<(string Id, string Token)> KeyAsync()
    {
        var key = Token.NewId();
        var token = Token.Create(CredentialKind.WorkspaceKey, key);
        await Workspace.CreateKeyAsync(Owner, key, new NewCredential(
            CredentialKind.WorkspaceKey, id, null, "test", ScopeRules.All, TokenDigest.Of(token), TimeProvider.System.GetUtcNow(), Owner.Name, null));
        return (key, token);
    }

    public async Task<string> SessionAsync(int? rateLimit = null)
    {
        var session = SessionId.New();
        var view = await entities.Session(session).CreateAsync(Owner, New(rateLimit));
        Assert.Equal(SessionStatus.Running, view.Status);
        return session;
    }

    public Task<RecallReport?> RevokeAsync(string keyId) => entities.Credential(keyId).RevokeAsync(Owner);

    public static NewSession New(int? rateLimit = null) => new([new PlacedClone("github", "empty")], null, rateLimit, null, null, null);
}

/// <summary>One request at a gateway.</summary>
internal sealed class TestCall : InFlight
{
    public Verdict Verdict { get; private set; }

    public static async Task<TestCall> AskAsync(Gateway gateway, string token, string session)
    {
        var call = new TestCall();
        var admission = new Admission(gateway, new RefusedTokens(TimeProvider.System, perMinute: 1000));
        call.Verdict = await admission.AdmitAsync(call, new CloneAsk(token, session, "github"), CancellationToken.None);
        return call;
    }

    protected override void OnCut(Errors.Refusal because)
    {
    }
}
