using System.Collections.Immutable;
using ControlPlane.Credentials;
using ControlPlane.Leases;

namespace ControlPlane.Workspaces;

/// <summary>A key whose credential is still to be made; saved with the workspace's own change.</summary>
public sealed record KeyToMake(string Id, NewCredential Key);

/// <summary>
/// The record of one workspace. Its live sessions are a bounded set of ids rather than a count, so that a place taken or given back twice
/// counts once.
/// </summary>
/// <param name="Listed">Its id is on the roster of workspaces; it is entered before its first session has a place.</param>
/// <param name="WindowStart">When the minute began in which <paramref name="StartedInWindow"/> sessions were started.</param>
public sealed record WorkspaceState(
    string Name, DateTimeOffset CreatedAt, ImmutableDictionary<string, Role> Members, ImmutableList<string> Keys,
    ImmutableHashSet<string> Live, DateTimeOffset WindowStart, int StartedInWindow,
    Readers Readers, ImmutableList<KeyToMake> ToMake, bool Listed = false)
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    public static WorkspaceState From(NewWorkspace made) => new(
        made.Name, made.CreatedAt, ImmutableDictionary<string, Role>.Empty.Add(made.OwnerId, Role.Owner), [], [], made.CreatedAt, 0, Readers.None, []);

    /// <summary>The state with one more live session.</summary>
    public WorkspaceState Reserved(string sessionId, DateTimeOffset now)
    {
        var newWindow = now - WindowStart >= Window || now < WindowStart;
        return this with
        {
            Live = Live.Add(sessionId),
            Listed = true,
            WindowStart = newWindow ? now : WindowStart,
            StartedInWindow = newWindow ? 1 : StartedInWindow + 1,
        };
    }

    /// <summary>How long until another session may be started; nothing when it may now.</summary>
    public TimeSpan UntilNextStart(int perMinute, DateTimeOffset now) =>
        StartedInWindow < perMinute || now - WindowStart >= Window || now < WindowStart ? TimeSpan.Zero : WindowStart + Window - now;
}
