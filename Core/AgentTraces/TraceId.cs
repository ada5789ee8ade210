using System.Security.Cryptography;

namespace ControlPlane.AgentTraces;

/// <summary>The ids of traces: the sender's own, or one that is drawn here. They can stand in a URL as they are.</summary>
public static class TraceId
{
    public const int Longest = 100;

    /// <summary>128 random bits, as W3C Trace Context writes them.</summary>
    public static string New() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>1 to 100 letters, digits and <c>-_.:</c>, not all of them dots.</summary>
    public static bool IsOne(string text) =>
        text.Length is > 0 and <= Longest && text.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or ':')
        && text.Any(static letter => letter != '.');
}
