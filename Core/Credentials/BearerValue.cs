namespace ControlPlane.Credentials;

/// <summary>The value of a header that bears a token.</summary>
public static class BearerValue
{
    /// <summary>The token in <c>Bearer &lt;token&gt;</c> or <c>token &lt;token&gt;</c>, the word in any case; null: the value is anything else.</summary>
    public static string? TokenOf(ReadOnlySpan<char> value)
    {
        var space = value.IndexOf(' ');
        if (space < 0)
        {
            return null;
        }

        var scheme = value[..space];
        var token = value[space..].Trim(' ');
        var known = scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase) || scheme.Equals("token", StringComparison.OrdinalIgnoreCase);
        return known && !token.IsEmpty && !token.ContainsAny(" ,\t") ? new string(token) : null;
    }
}
