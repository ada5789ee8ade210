using System.Collections.Immutable;
using ControlPlane.Authorization;
using ControlPlane.Errors;
using ControlPlane.Leases;

namespace ControlPlane.Sessions;

/// <summary>What must still follow a session's change.</summary>
public enum SessionStep
{
    /// <summary>Take a place in the workspace's quota and choose a worker.</summary>
    Reserve,

    /// <summary>Start the clones on the worker.</summary>
    Start,

    /// <summary>Stop them there.</summary>
    Stop,

    /// <summary>Give the place in the quota back.</summary>
    Release,

    /// <summary>Tell the workspace's index how the session stands.</summary>
    List,
}

/// <param name="Change">The version of the save that asked for it.</param>
public sealed record SessionEffect(SessionStep Step, long Change);

/// <summary>The place of a session's clones on a worker.</summary>
/// <param name="Key">The secret of the ticket, 256 bits.</param>
public sealed record Placement(string WorkerId, long Epoch, string Key);

/// <summary>The record of one session, and every way it can change.</summary>
/// <param name="IdleFloor">Idleness does not end the session before this: what renewals asked for, and what lost gateways may have used.</param>
/// <param name="EndedAs">The version of the save that ended it: whom to wait for when it is stopped again.</param>
/// <param name="Refused">Why it was never let in (quota, capacity): it is then not listed.</param>
/// <param name="Ending">Because of what it is over; null while it is open, and of one that ended before this was kept.</param>
/// <param name="ServedFrom">The worker's data address as last known, in all facts that the readers hold.</param>
public sealed record SessionState(
    string WorkspaceId, string CreatedBy, NewSession Made, SessionStatus Status, DateTimeOffset CreatedAt, TimeSpan IdleLimit,
    DateTimeOffset LastUsedAt, DateTimeOffset IdleFloor, DateTimeOffset EndAt, Placement? Placement, Budget? Budget, Readers Readers,
    ImmutableList<SessionEffect> ToDo, DateTimeOffset? EndedAt = null, long EndedAs = 0, string? LastError = null, Refusal? Refused = null,
    Uri? ServedFrom = null, SessionEnding? Ending = null)
{
    public bool IsOpen => Status is SessionStatus.Starting or SessionStatus.Running;

    public DateTimeOffset IdleAt => LastUsedAt + IdleLimit > IdleFloor ? LastUsedAt + IdleLimit : IdleFloor;

    public static SessionState Starting(Caller caller, NewSession made, SessionOptions options, DateTimeOffset now, long version) => new(
        caller.WorkspaceId, caller.Name, made, SessionStatus.Starting, now, options.IdleLimit, now, now,
        now + (made.Ttl ?? options.DefaultTtl), null, made.RateLimit is { } total ? Budget.Of(total) : null, Readers.None,
        [new SessionEffect(SessionStep.Reserve, version)]);

    /// <summary>It has a place; saved before the worker is called, so that a crash between the two leaves a record to clean up by.</summary>
    public SessionState Placed(Placement placement, long version) =>
        this with { Placement = placement, ToDo = ToDo.Add(new SessionEffect(SessionStep.Start, version)) };

    /// <param name="worker">Where the worker was before it started the clones; null: not known.</param>
    public SessionState Running(Uri? worker, long version) => this with
    {
        ServedFrom = ServedFrom ?? worker,
        Status = SessionStatus.Running, ToDo = ToDo.Add(new SessionEffect(SessionStep.List, version)),
    };

    /// <summary>Ended is final. A start that is still under way stops what it started when it is done.</summary>
    public SessionState Ended(SessionEnding ending, DateTimeOffset now, long version) => Over(SessionStatus.Ended, ending, null, now, version);

    public SessionState Failed(SessionEndCause cause, string error, DateTimeOffset now, long version) =>
        Over(SessionStatus.Failed, new SessionEnding(cause), error, now, version);

    /// <summary>It was never let in: nothing to stop, and nothing to list.</summary>
    public SessionState RefusedWith(Refusal refusal, DateTimeOffset now, long version)
    {
        if (!IsOpen)
        {
            return this;
        }

        var over = Failed(SessionEndCause.NotLetIn, refusal.Message, now, version);
        return over with { Refused = refusal, ToDo = over.ToDo.RemoveAll(effect => effect.Step == SessionStep.List) };
    }

    public SessionState Renewed(TimeSpan extension, DateTimeOffset now)
    {
        var until = now + extension;
        var latest = CreatedAt + SessionOptions.LongestLife;
        var end = until > latest ? latest : until;
        return this with { LastUsedAt = Later(LastUsedAt, now), IdleFloor = Later(IdleFloor, until), EndAt = Later(EndAt, end) };
    }

    public SessionState UsedAt(DateTimeOffset at) => at > LastUsedAt ? this with { LastUsedAt = at } : this;

    /// <summary>
    /// A reader's lease is over. It cannot say any more what it did last, and what it once reported may have been lost with another
    /// activation: nobody can know that it has not used the session until now.
    /// </summary>
    public SessionState ReaderOver(string reader, DateTimeOffset now) => this with
    {
        Readers = Readers.Over(reader), IdleFloor = IsOpen ? Later(IdleFloor, now + IdleLimit) : IdleFloor,
    };

    public SessionState StopAsked(long version) => Asked(new SessionEffect(SessionStep.Stop, version));

    public SessionState ReleaseAsked(long version) => Asked(new SessionEffect(SessionStep.Release, version));

    public SessionState Done(SessionEffect effect) => this with { ToDo = ToDo.Remove(effect) };

    /// <summary>Whether a worker's placement is this session's, and wanted there.</summary>
    public bool IsOn(string workerId, long epoch) => IsOpen && Placement is { } placement && placement.WorkerId == workerId && placement.Epoch == epoch;

    /// <summary>The worker is at this address: whoever holds a fact that names another is to be told.</summary>
    public SessionState Serving(Uri data, long version)
    {
        if (ServedFrom == data)
        {
            return this;
        }

        // A gateway that gives the fact up knows of its use and keeps its shares, so it stays a reader: it is asked, and hears of the end.
        return this with { ServedFrom = data, Readers = Readers.TakenAway(version) with { Current = Readers.Current } };
    }

    public SessionView View(string id) => new(
        id, WorkspaceId, CreatedBy, Made, Status, CreatedAt, LastUsedAt, IdleAt, EndAt, IdleLimit, EndedAt, LastError, Budget?.Left);

    private SessionState Asked(SessionEffect effect) => ToDo.Contains(effect) ? this : this with { ToDo = ToDo.Add(effect) };

    private SessionState Over(SessionStatus status, SessionEnding ending, string? error, DateTimeOffset now, long version)
    {
        if (!IsOpen)
        {
            return this;
        }

        var toDo = ToDo.AddRange([new SessionEffect(SessionStep.Release, version), new SessionEffect(SessionStep.List, version)]);
        var starting = ToDo.Exists(effect => effect.Step == SessionStep.Start);
        return this with
        {
            Status = status,
            Ending = ending,
            LastError = error,
            EndedAt = now,
            EndedAs = version,
            Readers = Readers.TakenAway(version),
            ToDo = Placement is null || starting ? toDo : toDo.Add(new SessionEffect(SessionStep.Stop, version)),
        };
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
