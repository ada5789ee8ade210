using System.Buffers;
using ControlPlane.Errors;
using ControlPlane.Gateways;

namespace ControlPlane.Targets;

/// <summary>
/// Reads the target once, from the raw request line and the one <c>Host</c>, so that what is authorized is what is forwarded. The
/// server's own decoded path is never looked at: the two can name different sessions.
/// </summary>
public sealed class TargetReader
{
    /// <summary>The longest session id or clone name.</summary>
    public const int MaxIdLength = 128;

    private static readonly SearchValues<char> IdCharacters =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz-");

    private readonly string[] _publicHosts;
    private readonly string _dottedCloneDomain;

    public TargetReader(GatewayOptions options)
    {
        _publicHosts = [.. options.EffectivePublicHosts];
        _dottedCloneDomain = "." + options.CloneDomain;
    }

    /// <summary>Reads a target.</summary>
    /// <param name="rawTarget">The request target, exactly as received.</param>
    /// <param name="host">The value of <c>Host</c>; null or empty when there is none.</param>
    public Target Read(string rawTarget, string? host)
    {
        var name = WithoutPort(host);
        if (IsPublic(name))
        {
            return OnPublicHost(rawTarget);
        }

        return TrySession(name, out var session)
            ? OnSessionHost(rawTarget, session)
            : Target.Refused(
                ErrorCode.HostUnknown, "This host is neither a public host of this gateway nor a session's below its clone domain.");
    }

    private static Target OnPublicHost(string rawTarget)
    {
        if (Fault(rawTarget, out var path) is { } fault)
        {
            return Target.Refused(ErrorCode.PathInvalid, fault);
        }

        if (path.StartsWith("//"))
        {
            return Target.Refused(ErrorCode.PathInvalid, "The path begins with an empty segment.");
        }

        const string Runtime = "/runtime";
        if (!path.StartsWith(Runtime) || (path.Length > Runtime.Length && path[Runtime.Length] != '/'))
        {
            return Target.Own;
        }

        var rest = path[Runtime.Length..];
        return TakeId(ref rest, out var session)
            ? OfSession(path, rest, session, CloneForm.Path)
            : Target.Refused(ErrorCode.PathInvalid, "The session id in /runtime/<session>/<clone>/… is missing or not plain [a-z0-9_-].");
    }

    private static Target OnSessionHost(string rawTarget, ReadOnlySpan<char> session) => Fault(rawTarget, out var path) is { } fault
        ? Target.Refused(ErrorCode.PathInvalid, fault)
        : OfSession(path, path, session, CloneForm.Host);

    private static Target OfSession(ReadOnlySpan<char> path, ReadOnlySpan<char> rest, ReadOnlySpan<char> session, CloneForm form)
    {
        if (!TakeId(ref rest, out var clone))
        {
            return Target.Refused(ErrorCode.PathInvalid, "The clone name in the path is missing or not plain [a-z0-9_-].");
        }

        if (!(rest.StartsWith("/api") || rest.StartsWith("/mcp")) || (rest.Length > 4 && rest[4] != '/'))
        {
            return Target.Refused(ErrorCode.PathInvalid, "Below a clone's name there are /api and /mcp, and nothing else.");
        }

        return new Target(null, form, Lower(session), Lower(clone), path.Length - rest.Length);
    }

    // Absolute and asterisk forms name a host of their own, or none; whatever is not printable ASCII has no place in a request line.
    private static string? Fault(string rawTarget, out ReadOnlySpan<char> path)
    {
        path = rawTarget;
        if (rawTarget.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            return "The request target holds a character that is not printable ASCII.";
        }

        if (!rawTarget.StartsWith('/'))
        {
            return "The request target must begin with a slash.";
        }

        var query = rawTarget.IndexOf('?', StringComparison.Ordinal);
        path = query < 0 ? path : path[..query];
        return PathRules.Fault(path);
    }

    private static bool TakeId(ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> id)
    {
        id = rest.IsEmpty ? rest : rest[1..];
        var end = id.IndexOf('/');
        id = end < 0 ? id : id[..end];
        rest = rest[Math.Min(rest.Length, id.Length + 1)..];
        return IsId(id);
    }

    private static bool IsId(ReadOnlySpan<char> id) => id.Length is > 0 and <= MaxIdLength && !id.ContainsAnyExcept(IdCharacters);

    private static string Lower(ReadOnlySpan<char> id) => id.ContainsAnyInRange('A', 'Z')
        ? string.Create(id.Length, id, static (lower, mixed) => mixed.ToLowerInvariant(lower))
        : new string(id);

    private bool IsPublic(ReadOnlySpan<char> name)
    {
        foreach (var host in _publicHosts)
        {
            if (name.Equals(host, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private bool TrySession(ReadOnlySpan<char> name, out ReadOnlySpan<char> session)
    {
        session = default;
        if (!name.EndsWith(_dottedCloneDomain, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        session = name[..^_dottedCloneDomain.Length];
        return IsId(session);
    }

    // The server has checked that what follows the last colon of a name or a bracket is a port.
    private static ReadOnlySpan<char> WithoutPort(string? host)
    {
        ReadOnlySpan<char> name = host;
        var colon = name.LastIndexOf(':');
        return colon > name.LastIndexOf(']') ? name[..colon] : name;
    }
}
