using FsCheck;
using FsCheck.Fluent;

namespace ControlPlane.Targets;

/// <summary>Request targets of pieces that servers are known to read differently, valid and not.</summary>
internal static class RawTargets
{
    private static readonly string[] Pieces =
    [
        "/", "/", "//", ".", "..", "/./", "/../", "%2e", "%2E", "%2f", "%2F", "%5c", "\\", "%", "%2", "%zz", "%252e", "%252f", "%00",
        "%0d%0a", "%c0%af", "a", "b", "repos", "api", "mcp", "github", "slack", "runtime", "ses-1", "ses-2", "SES-1", "x_y", "~", ";",
        ";a=b", ":", "@", "?", "?", "&", "=", "+", "#", "[", "]", "{", "}", "|", "^", "`", "\"", "<", ">", "'", "(", ")", "*", "!", "$",
        ",", "-", "_", "/api", "/mcp", "http://", "localhost",
    ];

    private static readonly string[] Openings =
    [
        "/github/api/", "/github/api", "/github/mcp", "/GitHub/api/", "/slack/api/", "/runtime/api/", "/github/", "/", "",
        "/runtime/ses-1/github/api/", "/runtime/SES-1/github/api", "/runtime/ses-1/github/mcp", "/runtime/ses-2/slack/api/",
        "/runtime/ses-1/github/", "/runtime/",
    ];

    public static Gen<string> Any { get; } =
        from opening in Gen.Elements(Openings)
        from pieces in Gen.ListOf(Gen.Elements(Pieces))
        select opening + string.Concat(pieces);
}
