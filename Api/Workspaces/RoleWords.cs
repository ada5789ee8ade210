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
}
