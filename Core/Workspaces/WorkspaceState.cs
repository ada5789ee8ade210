using System.Collections.Immutable;
using ControlPlane.Audit;
using ControlPlane.Credentials;
using ControlPlane.Errors;
using ControlPlane.Leases;

namespace ControlPlane.Workspaces;

/// <summary>A key whose credential is still to be made; saved with the workspace's own change.</summary>
public sealed record KeyToMake(string Id, NewCredential Key);

/// <summary>A user whose membership was taken away or lowered, and the save that did it last: whom a repeated command waits for.</summary>
public sealed record TakenMembership(string UserId, long Version);

/// <summary>
/// The record of one workspace. Its live sessions are a bounded set of ids rather than a count, so that a place taken or given back twice
/// counts once.
/// </summary>
/// <param name="Listed">Its id is on the roster of workspaces; it is entered before its first session has a place.</param>
/// <param name="WindowStart">When the minute began in which <paramref name="StartedInWindow"/> sessions were started.</param>
/// <param name="Readers">Of the memberships: one list for all members, for a list for each would be as large as both multiplied.</param>
/// <param name="Taken">The latest memberships that were taken away or lowered, one for each user, the last at the end.</param>
/// <param name="Invited">The invitations that nobody has taken; null: none.</param>
/// <param name="ToInvite">Invitations that are still to be made.</param>
/// <param name="Released">The sessions that gave their place back last, the latest at the end.</param>
/// <param name="ToAudit">What the audit log does not know yet.</param>
public sealed record WorkspaceState(
    string Name, DateTimeOffset CreatedAt, ImmutableDictionary<string, Role> Members, ImmutableList<string> Keys,
    ImmutableHashSet<string> Live, DateTimeOffset WindowStart, int StartedInWindow,
    Readers Readers, ImmutableList<KeyToMake> ToMake, bool Listed = false, ImmutableList<TakenMembership>? Taken = null,
    ImmutableList<OpenInvitation>? Invited = null, ImmutableList<InvitationToMake>? ToInvite = null, ImmutableList<AuditEvent>? ToAudit = null,
    ImmutableList<string>? Released = null)
    : IAudited<WorkspaceState>
{
    /// <summary>Removals that are further back are not known any more: whoever repeats one of them is told that there is no such member.</summary>
    public const int MostTaken = 64;

    /// <summary>A reservation is late by as long as a call may take, 5 s, and a workspace starts 600 sessions a minute.</summary>
    public const int MostReleased = 64;

    /// <summary>With more live sessions than this, the record has no room for as many waiting acts as others have.</summary>
    public const int Crowded = 2_500;

    /// <summary>How many acts may wait in the record then.</summary>
    public const int MostToAuditWhenCrowded = 32;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    public static WorkspaceState From(NewWorkspace made) => new(
        made.Name, made.CreatedAt, ImmutableDictionary<string, Role>.Empty.Add(made.OwnerId, Role.Owner), [], [], made.CreatedAt, 0, Readers.None, []);

    int IAudited<WorkspaceState>.MostToAudit => Live.Count > Crowded ? MostToAuditWhenCrowded : Audited.MostWaiting;

    /// <summary>Whether one more live session needs the room that waiting acts take.</summary>
    public bool IsFullOfActs() => Live.Count >= Crowded && ToAudit?.Count > MostToAuditWhenCrowded;

    public WorkspaceState Auditing(ImmutableList<AuditEvent>? toAudit) => this with { ToAudit = toAudit };

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

    /// <summary>Whether a session has given its place back: a reservation that was on its way for so long takes none.</summary>
    public bool HasReleased(string sessionId) => Released?.Contains(sessionId) == true;

    /// <summary>The state without a session that is over, or was never let in.</summary>
    public WorkspaceState ReleasedBy(string sessionId)
    {
        var released = Released ?? [];
        return this with
        {
            Live = Live.Remove(sessionId), Released = (released.Count < MostReleased ? released : released.RemoveAt(0)).Add(sessionId),
        };
    }

    /// <summary>How long until another session may be started; nothing when it may now.</summary>
    public TimeSpan UntilNextStart(int perMinute, DateTimeOffset now) =>
        StartedInWindow < perMinute || now - WindowStart >= Window || now < WindowStart ? TimeSpan.Zero : WindowStart + Window - now;

    /// <summary>
    /// Takes away what gateways hold of one user, with the save that has this version. Every reader may hold this fact, so each is to be
    /// told, as a pair that names the user; every reader stays a reader, for it may hold facts of others, which nobody drops; and an
    /// acknowledgement removes this user's pairs alone.
    /// </summary>
    /// <exception cref="ControlPlaneException">503: as much as a record may hold is still being told.</exception>
    public WorkspaceState TakenFrom(string userId, long version)
    {
        var taken = (Taken ?? []).RemoveAll(other => other.UserId == userId);
        if (taken.Count >= MostTaken)
        {
            taken = taken.Remove(taken.Find(other => !Readers.ToTell.Exists(pair => pair.Part == other.UserId)) ?? throw new ControlPlaneException(
                new Refusal(ErrorCode.ControlPlaneUnavailable, "Too many members are being removed at once. Try again in a moment.", TimeSpan.FromSeconds(2))));
        }

        return this with { Readers = Readers.PartTakenAway(userId, version), Taken = taken.Add(new TakenMembership(userId, version)) };
    }

    /// <summary>The save that last took something away from a user; 0 when none is known.</summary>
    public long TakenAs(string userId) => Taken?.Find(taken => taken.UserId == userId)?.Version ?? 0;
}
