namespace ControlPlane.Credentials;

/// <summary>
/// What a credential may do: its scopes and, where these are narrowed, the one session that those about sessions are for. The algebra of
/// both: narrowing never grants, and nobody gives what he has not got.
/// </summary>
/// <param name="SessionId">Null: every session of the workspace.</param>
public readonly record struct Grant(Scopes Scopes, string? SessionId = null)
{
    private const Scopes OfSessions = Scopes.SessionsRead | Scopes.SessionsWrite;
    private const string Narrowing = "!session=";
    private const int LongestSessionId = 64;

    /// <summary>Whether it allows something on one session; null: on every one, and on those that are to come.</summary>
    public bool Allows(Scopes needed, string? sessionId = null) =>
        Scopes.Allows(needed) && (SessionId is null || (needed & OfSessions) == 0 || SessionId == sessionId);

    /// <summary>Whether it allows all that another does, so that whoever has this may give that.</summary>
    public bool Covers(Grant other) =>
        Scopes.Allows(other.Scopes) && (SessionId is null || (other.Scopes & OfSessions) == 0 || SessionId == other.SessionId);

    /// <summary>The same for one session alone; of another session than the one it is for already, nothing is left.</summary>
    public Grant NarrowedTo(string sessionId) =>
        SessionId is null || SessionId == sessionId ? this with { SessionId = sessionId } : new Grant(Scopes & ~OfSessions, sessionId);

    /// <summary>Both together; null: their scopes about sessions are for different ones, which one credential does not hold.</summary>
    public Grant? With(Grant other) =>
        (Scopes & OfSessions) == 0 ? other with { Scopes = Scopes | other.Scopes }
        : (other.Scopes & OfSessions) == 0 || SessionId == other.SessionId ? this with { Scopes = Scopes | other.Scopes }
        : null;

    /// <summary>The words, in their one order: <c>sessions:write</c>, or <c>sessions:write!session=ses-…</c>.</summary>
    public IReadOnlyList<string> ToWords() => SessionId is not { } session
        ? Scopes.ToWords()
        : [.. (Scopes & OfSessions).ToWords().Select(word => $"{word}{Narrowing}{session}"), .. (Scopes & ~OfSessions).ToWords()];

    /// <summary>Reads one word. Session ids are compared without case.</summary>
    public static bool TryParse(string word, out Grant grant)
    {
        var at = word.IndexOf(Narrowing, StringComparison.Ordinal);
        var session = at < 0 ? null : word[(at + Narrowing.Length)..].ToLowerInvariant();
        var known = ScopeRules.TryParse(at < 0 ? word : word[..at], out var scope)
            && (session is null || ((scope & OfSessions) != 0 && IsSession(session)));
        grant = known ? new Grant(scope, session) : default;
        return known;
    }

    private static bool IsSession(string id) =>
        id.Length is > 0 and <= LongestSessionId && id.All(static letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-' or '_');
}
