using ControlPlane.Output;

namespace ControlPlane.Sessions;

/// <summary>The variables that tell a program where a session's clones are.</summary>
internal static class CloneVariables
{
    public static IEnumerable<KeyValuePair<string, string>> Of(SessionSummary session)
    {
        foreach (var clone in session.CloneIds)
        {
            if (session.ApiBaseUrls.TryGetValue(clone, out var rest))
            {
                yield return new($"ARCHAL_{NameOf(clone)}_REST_URL", rest);
            }

            if (session.Mcp.TryGetValue(clone, out var mcp))
            {
                yield return new($"ARCHAL_{NameOf(clone)}_MCP_URL", mcp);
            }
        }
    }

    /// <summary>The same as lines for <c>eval "$(…)"</c>: whatever the server wrote, they only assign.</summary>
    public static IEnumerable<string> ExportsOf(SessionSummary session) =>
        Of(session).Select(variable => $"export {variable.Key}={Shell.Quote(Screen.Plain(variable.Value))}");

    private static string NameOf(string clone) =>
        string.Concat(clone.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToUpperInvariant(c) : '_'));
}
