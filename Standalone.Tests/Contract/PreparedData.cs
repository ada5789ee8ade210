using ControlPlane.Credentials;
using ControlPlane.Hosting;
using ControlPlane.Leases;
using ControlPlane.Records;
using ControlPlane.Running;
using ControlPlane.Sessions;
using ControlPlane.Storage;

namespace ControlPlane.Contract;

/// <summary>
/// A data directory in which there already is what no call makes yet (a second workspace's key), what only time makes (an expired key), and what
/// only a broken worker makes (sessions that start for ever, have failed, or whose worker is lost). The program finds it at its start.
/// </summary>
internal sealed class PreparedData
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    /// <summary>Reads sessions of another workspace.</summary>
    public string OtherWorkspaceKey { get; } = Token.Create(CredentialKind.WorkspaceKey, Token.NewId());

    public string ExpiredKey { get; } = Token.Create(CredentialKind.WorkspaceKey, Token.NewId());

    public string StartingSession { get; } = SessionId.New();

    public string FailedSession { get; } = SessionId.New();

    public string LostSession { get; } = SessionId.New();

    public static string LastError => "The worker ran out of clay.";

    /// <summary>Writes it all, as the program itself would have.</summary>
    public async Task WriteAsync(string directory)
    {
        using var storage = SqliteStorage.Open(Path.Combine(directory, "control.db"));
        await SaveAsync(storage, OtherWorkspaceKey, Credential(OtherWorkspaceKey, "ws-other", null) with { Scopes = Scopes.SessionsRead });
        await SaveAsync(storage, ExpiredKey, Credential(ExpiredKey, Tenant.Workspace, Now - TimeSpan.FromMinutes(1)));
        var starting = Session(SessionStatus.Starting);
        await SaveAsync(storage, StartingSession, starting with { ToDo = [] });
        await SaveAsync(storage, FailedSession, Session(SessionStatus.Failed) with { EndedAt = Now, LastError = LastError });
        await SaveAsync(storage, LostSession, Session(SessionStatus.Running));
    }

    private static CredentialState Credential(string token, string workspace, DateTimeOffset? expires) => CredentialState.From(new NewCredential(
        CredentialKind.WorkspaceKey, workspace, null, "of a test", ScopeRules.All, TokenDigest.Of(token), Now, "user:usr-owner", expires));

    private static SessionState Session(SessionStatus status) => new(
        Tenant.Workspace, "user:usr-owner", new NewSession([new PlacedClone("github", "empty")], null, null, null, null, null), status, Now,
        TimeSpan.FromMinutes(30), Now, Now, Now + TimeSpan.FromHours(1), new Placement("wrk-gone", 1, new string('k', 43)), null, Readers.None, []);

    private static async Task SaveAsync<T>(SqliteStorage storage, string name, T state) where T : class
    {
        var key = Token.TryParse(name, out _, out var id) ? new EntityKey("credential", id) : new EntityKey("session", name);
        Assert.True(await storage.Store<T>(key).TryWriteAsync(new Stored<T>(1, state), CancellationToken.None));
    }
}
