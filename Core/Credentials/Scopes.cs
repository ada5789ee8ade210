namespace ControlPlane.Credentials;

/// <summary>What a credential may do; a key's never change.</summary>
[Flags]
public enum Scopes
{
    None = 0,
    SessionsRead = 1,
    SessionsWrite = 2,
    WorkspacesRead = 4,
}

/// <summary>The algebra of scopes: their words, and what implies what.</summary>
public static class ScopeRules
{
    public const Scopes All = Scopes.SessionsRead | Scopes.SessionsWrite | Scopes.WorkspacesRead;

    private static readonly (string Word, Scopes Scope)[] Words =
    [
        ("sessions:read", Scopes.SessionsRead), ("sessions:write", Scopes.SessionsWrite), ("workspaces:read", Scopes.WorkspacesRead),
    ];

    /// <summary>Whether what was granted covers what is needed: writing sessions implies reading them.</summary>
    public static bool Allows(this Scopes granted, Scopes needed)
    {
        var implied = granted.HasFlag(Scopes.SessionsWrite) ? granted | Scopes.SessionsRead : granted;
        return (implied & needed) == needed;
    }

    /// <summary>The words of a set, in their one order.</summary>
    public static IReadOnlyList<string> ToWords(this Scopes scopes) =>
        [.. Words.Where(row => scopes.HasFlag(row.Scope)).Select(row => row.Word)];

    /// <summary>Reads one word.</summary>
    public static bool TryParse(string word, out Scopes scope)
    {
        scope = Array.Find(Words, row => row.Word == word).Scope;
        return scope != Scopes.None;
    }
}
