namespace ControlPlane.Members;

/// <summary>The roles, as they are written.</summary>
internal static class RoleArgument
{
    /// <summary>The word, in its one spelling; null stays null.</summary>
    /// <exception cref="CommandFailure">There is no such role.</exception>
    public static string? Checked(string? role) => role is null or "owner" or "admin" or "member"
        ? role
        : throw CommandFailure.WrongUse($"There is no role '{role}': owner, admin or member.");
}
