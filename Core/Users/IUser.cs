namespace ControlPlane.Users;

/// <summary>A user's profile, and an index of workspaces that never is a right. Keyed by user id.</summary>
public interface IUser
{
    /// <summary>Makes the user, or adds a workspace to the index. The same once more is harmless.</summary>
    Task JoinAsync(string? email, string workspaceId, CancellationToken cancellationToken = default);

    /// <summary>The profile; null when there is no such user.</summary>
    Task<UserView?> DescribeAsync(CancellationToken cancellationToken = default);
}

public sealed record UserView(string Id, string? Email, IReadOnlyList<string> Workspaces);
