using ControlPlane.Authorization;
using ControlPlane.Credentials;
using ControlPlane.Errors;
using ControlPlane.Hosting;
using ControlPlane.Leases;
using ControlPlane.Sessions;
using ControlPlane.Workspaces;

namespace ControlPlane.Behaviour;

/// <summary>A token with the credential behind it.</summary>
internal sealed record TestKey(string Id, string Token);

/// <summary>A host with a workspace in it, its owner, and what a test does there again and again.</summary>
internal sealed class World(BehaviourHost host, string workspaceId = "ws-a")
{
    public BehaviourHost Host => host;

    public VirtualTime Time => host.Time;

    public string WorkspaceId => workspaceId;

    public Caller Owner { get; } = new("own", CredentialKind.Personal, workspaceId, $"{workspaceId}-owner", Role.Owner, ScopeRules.All);

    public IWorkspace Workspace => host.Entities.Workspace(workspaceId);

    public static async Task<World> InAsync(BehaviourHost host, string workspaceId = "ws-a")
    {
        var world = new World(host, workspaceId);
        await world.UntilAsync(world.Workspace.CreateAsync(new NewWorkspace(workspaceId, world.Owner.UserId!, host.Time.GetUtcNow())));
        return world;
    }

    public Task<T> UntilAsync<T>(Task<T> task) => Time.PassUntilAsync(task);

    public Task UntilAsync(Task task) => Time.PassUntilAsync(task);

    public Task PassAsync(TimeSpan span) => Time.PassAsync(span);

    /// <summary>A new key of the workspace.</summary>
    public Task<TestKey> KeyAsync(Scopes scopes = ScopeRules.All, TimeSpan? expires = null) => UntilAsync(MakeKeyAsync(scopes, expires));

    /// <summary>So many new keys, made at once.</summary>
    public Task<TestKey[]> KeysAsync(int count) =>
        UntilAsync(Task.WhenAll(Enumerable.Range(0, count).Select(_ => MakeKeyAsync(ScopeRules.All, null))));

    /// <summary>A personal token of a user; whether the user is a member is another matter.</summary>
    public async Task<TestKey> TokenOfAsync(string userId)
    {
        var id = Token.NewId();
        var key = new TestKey(id, Token.Create(CredentialKind.Personal, id));
        await UntilAsync(host.Entities.Credential(id).CreateAsync(Made(CredentialKind.Personal, userId, key.Token, ScopeRules.All, null)));
        return key;
    }

    /// <summary>A member with this role; lowers and raises whoever is one already.</summary>
    public async Task<RecallReport?> SetMemberAsync(string userId, Role role = Role.Member)
    {
        var known = await UntilAsync(Workspace.DescribeAsync());
        return await UntilAsync(Workspace.SetMemberAsync(Owner, userId, role, known!.RemovedAs(userId)));
    }

    /// <summary>A new member, and a personal token of its.</summary>
    public async Task<TestKey> MemberAsync(string userId, Role role = Role.Member)
    {
        await SetMemberAsync(userId, role);
        return await TokenOfAsync(userId);
    }

    public Task<RecallReport?> RemoveMemberAsync(string userId) => UntilAsync(Workspace.RemoveMemberAsync(Owner, userId));

    public Task<RecallReport?> RevokeAsync(TestKey key) => UntilAsync(host.Entities.Credential(key.Id).RevokeAsync(Owner));

    /// <summary>Another secret for a key: the key with it, and how that became true.</summary>
    public async Task<(TestKey Key, RecallReport Report)> RotateAsync(TestKey key, TimeSpan grace)
    {
        var next = key with { Token = Token.Create(CredentialKind.WorkspaceKey, key.Id) };
        var rotation = await UntilAsync(host.Entities.Credential(key.Id).RotateAsync(Owner, TokenDigest.Of(next.Token), grace));
        return (next, rotation!.Report);
    }

    /// <summary>A session that runs.</summary>
    public async Task<string> SessionAsync(TimeSpan? ttl = null, int? rateLimit = null, string? id = null)
    {
        var session = id ?? SessionId.New();
        await UntilAsync(host.Entities.Session(session).CreateAsync(Owner, New(ttl, rateLimit)));
        return session;
    }

    public Task<RecallReport> StopAsync(string sessionId) => UntilAsync(host.Entities.Session(sessionId).StopAsync(Owner));

    public Task<SessionView> DescribeAsync(string sessionId) => UntilAsync(host.Entities.Session(sessionId).DescribeAsync(Owner));

    public async Task<ErrorCode?> RefusalOfAsync(Task task)
    {
        try
        {
            await UntilAsync(task);
            return null;
        }
        catch (ControlPlaneException problem)
        {
            return problem.Code;
        }
    }

    public static NewSession New(TimeSpan? ttl = null, int? rateLimit = null, params PlacedClone[] clones) =>
        new(clones.Length > 0 ? clones : [new PlacedClone("github", "empty")], ttl, rateLimit, null, null, null);

    private async Task<TestKey> MakeKeyAsync(Scopes scopes, TimeSpan? expires)
    {
        var id = Token.NewId();
        var key = new TestKey(id, Token.Create(CredentialKind.WorkspaceKey, id));
        await Workspace.CreateKeyAsync(Owner, id, Made(CredentialKind.WorkspaceKey, null, key.Token, scopes, expires));
        return key;
    }

    private NewCredential Made(CredentialKind kind, string? userId, string token, Scopes scopes, TimeSpan? expires) => new(
        kind, workspaceId, userId, "test", scopes, TokenDigest.Of(token), Time.GetUtcNow(), Owner.Name, Time.GetUtcNow() + expires);
}
