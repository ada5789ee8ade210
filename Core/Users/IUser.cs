using ControlPlane.Authorization;
using ControlPlane.Credentials;
using ControlPlane.Errors;

namespace ControlPlane.Users;

/// <summary>A user's profile, the ids of its tokens, and an index of workspaces that never is a right. Keyed by user id.</summary>
public interface IUser
{
    /// <summary>Makes the user, or adds a workspace to the index. The same once more is harmless.</summary>
    /// <exception cref="ControlPlaneException">429: the user is in as many workspaces as it may.</exception>
    Task JoinAsync(string? email, string workspaceId, CancellationToken cancellationToken = default);

    /// <summary>The profile; null when there is no such user.</summary>
    Task<UserView?> DescribeAsync(CancellationToken cancellationToken = default);

    /// <summary>Makes a workspace that the user owns, and answers when it is there. The same id once more is harmless.</summary>
    /// <exception cref="ControlPlaneException">429: the user has made as many as it may.</exception>
    Task MakeWorkspaceAsync(Caller caller, string workspaceId, string name, CancellationToken cancellationToken = default);

    /// <summary>Takes the id of a personal token, or of a login's, in and makes the credential. The same id once more is harmless.</summary>
    /// <exception cref="ControlPlaneException">429: the user has as many good tokens, or logins, as it may.</exception>
    Task CreateTokenAsync(Caller caller, string tokenId, NewCredential token, CancellationToken cancellationToken = default);

    /// <summary>The user's own tokens, newest first: personal ones, and those of logins that are good.</summary>
    /// <param name="alsoId">A token of the user's that is on the list whether or not the record knows of it: the one that is called with.</param>
    Task<IReadOnlyList<CredentialView>> TokensAsync(string? alsoId, CancellationToken cancellationToken = default);
}

public sealed record UserView(string Id, string? Email, IReadOnlyList<string> Workspaces);
