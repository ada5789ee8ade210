using System.Buffers;

namespace ControlPlane.Targets;

/// <summary>
/// What no path may hold (contract 2.1), because a server behind us might read it as another path than the one that was authorized.
/// One level of percent-encoding is looked through, for that is what a server undoes.
/// </summary>
public static class PathRules
{
    private static readonly SearchValues<char> Suspicious = SearchValues.Create(".%\\#");

    /// <summary>The fault of a path, as a sentence; null when it has none.</summary>
    public static string? Fault(ReadOnlySpan<char> path)
    {
        if (!path.ContainsAny(Suspicious))
        {
            return null;
        }

        var dots = 0;
        var others = 0;
        for (var at = 0; at < path.Length; at++)
        {
            switch (Read(path, ref at))
            {
                case '\\':
                    return "The path holds a backslash.";
                case '#':
                    // No request target has a fragment. A server that cuts one off would see "/api/.." in "/api/..#".
                    return "The path holds a '#'.";
                case '/':
                    if (IsDotSegment(dots, others))
                    {
                        return "The path holds a dot segment.";
                    }

                    (dots, others) = (0, 0);
                    break;
                case '.':
                    dots++;
                    break;
                default:
                    others++;
                    break;
            }
        }

        return IsDotSegment(dots, others) ? "The path holds a dot segment." : null;
    }

    private static bool IsDotSegment(int dots, int others) => others == 0 && dots is 1 or 2;

    // Only the three characters that matter here are decoded; every other escape is some other character.
    private static char Read(ReadOnlySpan<char> path, ref int at)
    {
        if (path[at] != '%' || at + 2 >= path.Length)
        {
            return path[at];
        }

        var decoded = (path[at + 1], path[at + 2]) switch
        {
            ('2', 'e' or 'E') => '.',
            ('2', 'f' or 'F') => '/',
            ('5', 'c' or 'C') => '\\',
            _ => '%',
        };
        at += decoded == '%' ? 0 : 2;
        return decoded;
    }
}
