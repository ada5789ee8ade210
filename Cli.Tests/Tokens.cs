using System.Security.Cryptography;

namespace ControlPlane;

/// <summary>Values with the shape of a token, made at run time: whole ones in a source trip secret scanners.</summary>
internal static class Tokens
{
    public const string PersonalKind = "arc";
    public const string WorkspaceKind = "archal_ws";

    public static string New(string kind = PersonalKind) =>
        $"{kind}_{RandomNumberGenerator.GetString("0123456789abcdefghijklmnopqrstuvwxyz", 12)}_"
        + RandomNumberGenerator.GetString("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", 38);
}
