using System.Security.Cryptography;
using ControlPlane.Credentials;

namespace ControlPlane.Logins;

/// <summary>The code that a person reads off one screen and types at another: eight letters without vowels, as <c>XXXX-XXXX</c>.</summary>
public static class UserCode
{
    public const int Length = 8;

    private const string Letters = "BCDFGHJKLMNPQRSTVWXZ";

    /// <summary>A new one, with the dash.</summary>
    public static string Create() => Shown(RandomNumberGenerator.GetString(Letters, Length));

    /// <summary>
    /// Reads what somebody typed: letters of any case, with dashes and spaces anywhere. Gives the eight letters; false when it cannot be one.
    /// </summary>
    public static bool TryRead(string typed, out string letters)
    {
        letters = typed.Length > 4 * Length ? "" : string.Concat(typed.Where(c => c != '-' && !char.IsWhiteSpace(c)).Select(char.ToUpperInvariant));
        return letters.Length == Length && letters.All(Letters.Contains);
    }

    public static string Shown(string letters) => $"{letters[..(Length / 2)]}-{letters[(Length / 2)..]}";

    /// <summary>Under which its login is kept: the digest, so that no list of records holds a code.</summary>
    public static string Key(string letters) => TokenDigest.Of($"user-code {letters}").ToString();
}
