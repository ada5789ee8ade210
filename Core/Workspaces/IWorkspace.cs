using ControlPlane.Authorization;
using ControlPlane.Credentials;
using ControlPlane.Errors;

namespace ControlPlane.Workspaces;

/// <summary>Members and roles, the ids of the keys, the quotas. Keyed by workspace id.</summary>
public interface IWorkspace
{
    /// <summary>Makes the workspace with its owner. The same once more is harmless.</summary>
    Task CreateAsync(NewWorkspace workspace, CancellationToken cancellationToken = default);

    /// <summary>The workspace; null when there is none.</summary>
    Task<WorkspaceView?> DescribeAsync(CancellationToken cancellationToken = default);

    /// <summary>Whether a user is a member, and the fact, given to a gateway that is saved as its reader first. Null: not a member.</summary>
    Task<MembershipFact?> AuthorizeAsync(string userId, string reader, bool fresh, CancellationToken cancellationToken = default);

    /// <summary>Takes a key's id into the workspace and makes the credential. The same id once more is harmless.</summary>
    /// <exception cref="ControlPlaneException">403: the caller may not administer keys; 429: the workspace has as many keys as it may.</exception>
    Task CreateKeyAsync(Caller caller, string keyId, NewCredential key, CancellationToken cancellationToken = default);

    /// <summary>The workspace's keys, newest first.</summary>
    /// <exception cref="ControlPlaneException">403: the caller may not administer keys.</exception>
    Task<IReadOnlyList<CredentialView>> KeysAsync(Caller caller, CancellationToken cancellationToken = default);

    /// <summary>Takes a place among the live sessions. The same session once more is harmless. Null: taken.</summary>
    Task<Refusal?> ReserveAsync(string sessionId, CancellationToken cancellationToken = default);

    /// <summary>Gives a session's place back; harmless when it has none.</summary>
    Task ReleaseAsync(string sessionId, CancellationToken cancellationToken = default);
}

public sealed record NewWorkspace(string Name, string OwnerId, DateTimeOffset CreatedAt);

/// <param name="LiveSessions">How many sessions have a place in its quota.</param>
public sealed record WorkspaceView(
    string Id, string Name, DateTimeOffset CreatedAt, IReadOnlyDictionary<string, Role> Members, int LiveSessions = 0);

/// <summary>What a gateway holds of a user's membership.</summary>
/// <param name="Version">Of the workspace's record when the fact was granted.</param>
public sealed record MembershipFact(string WorkspaceId, string UserId, Role Role, long Version);
