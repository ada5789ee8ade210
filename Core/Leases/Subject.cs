namespace ControlPlane.Leases;

/// <summary>What a fact is about: one credential, one session, or one user's membership of a workspace.</summary>
/// <param name="Kind">One of the constants here.</param>
/// <param name="Key">The owner's key; for a membership <c>workspace/user</c>.</param>
public readonly record struct Subject(string Kind, string Key)
{
    public const string CredentialKind = "credential";
    public const string SessionKind = "session";
    public const string MembershipKind = "membership";

    public static Subject Credential(string id) => new(CredentialKind, id);

    public static Subject Session(string id) => new(SessionKind, id);

    public static Subject Membership(string workspace, string user) => new(MembershipKind, $"{workspace}/{user}");

    public override string ToString() => $"{Kind}:{Key}";
}
