namespace ControlPlane.GitHub.Users;

/// <summary>An account. A clone has one, which its seed declares; whoever brings any token is it.</summary>
internal sealed record User(long Id, string Login, string? Name, string? Email, DateTimeOffset CreatedAt)
{
    public string NodeId => NodeIds.Of("U", Id);
}
