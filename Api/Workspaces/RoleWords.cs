namespace ControlPlane.Workspaces;

/// <summary>Roles as words on the wire.</summary>
internal static class RoleWords
{
    public static string Word(this Role role) => role switch
    {
        Role.Owner => "owner",
        Role.Admin => "admin",
        _ => "member",
    };

    /// <summary>Reads one word, in its one spelling.</summary>
    public static bool TryParse(string? word, out Role role)
    {
        foreach (var candidate in Enum.GetValues<Role>())
        {
            if (candidate.Word() == word)
            {
                role = candidate;
                return true;
            }
        }

        role = default;
        return false;
    }
}
