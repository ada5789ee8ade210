using ControlPlane.Sessions;

namespace ControlPlane.Faults;

/// <summary>A fault that is set, and how often it is still to be met.</summary>
internal sealed class ActiveFault(CloneFault fault)
{
    private readonly string[]? _path = fault.Path?.Split('/', StringSplitOptions.RemoveEmptyEntries);
    private int _left = fault.Times ?? int.MaxValue;

    public CloneFault Fault => fault;

    /// <summary>Whether a request meets it; if so it is counted.</summary>
    /// <param name="segments">Of the path below the API's root; null: the request is for something else.</param>
    public bool Meets(string method, string[]? segments) =>
        (fault.Method is null || fault.Method.Equals(method, StringComparison.OrdinalIgnoreCase))
        && (_path is null || (segments is not null && Fits(_path, segments)))
        && (fault.Times is null || Interlocked.Decrement(ref _left) >= 0);

    private static bool Fits(string[] path, string[] segments)
    {
        for (var at = 0; at < path.Length; at++)
        {
            if (path[at] == "**")
            {
                return true;
            }

            if (at >= segments.Length || (path[at] != "*" && !path[at].Equals(segments[at], StringComparison.OrdinalIgnoreCase)))
            {
                return false;
            }
        }

        return path.Length == segments.Length;
    }
}
