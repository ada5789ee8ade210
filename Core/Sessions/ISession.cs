using ControlPlane.Authorization;
using ControlPlane.Errors;
using ControlPlane.Leases;
using ControlPlane.Workers;

namespace ControlPlane.Sessions;

/// <summary>One session: its liveness, its owner, the placement of its clones, its request budget. Keyed by session id.</summary>
public interface ISession
{
    /// <summary>
    /// Starts the session and answers when it runs, has failed, or is still starting after the call's time. The same command once more
    /// answers what came of it.
    /// </summary>
    /// <exception cref="ControlPlaneException">429: the workspace's quota; 503: no worker has room.</exception>
    Task<SessionView> CreateAsync(Caller caller, NewSession session, CancellationToken cancellationToken = default);

    /// <summary>The session as its workspace sees it.</summary>
    /// <exception cref="ControlPlaneException">404: unknown; 403: another workspace's, or a scope is missing. All methods below alike.</exception>
    Task<SessionView> DescribeAsync(Caller caller, CancellationToken cancellationToken = default);

    /// <summary>Moves both deadlines to at least now + <paramref name="extension"/>, the end never past creation + 7 days.</summary>
    /// <exception cref="ControlPlaneException">409: it is not running.</exception>
    Task<SessionView> RenewAsync(Caller caller, TimeSpan extension, CancellationToken cancellationToken = default);

    /// <summary>
    /// Whether this caller could read or set the state of a clone now; for whoever is about to read a large state, for which nobody else
    /// shall pay. It decides nothing: the call itself looks again.
    /// </summary>
    /// <exception cref="ControlPlaneException">403: not this caller; 404: no such session or clone; 409: it is not running.</exception>
    Task CheckCloneAsync(Caller caller, string cloneName, CancellationToken cancellationToken = default);

    /// <summary>Sets the state of the session's clones and answers when the worker has it on its disk. It is no use of the session.</summary>
    /// <exception cref="ControlPlaneException">400: no such seed, or no state of this clone; 404: no such clone; 409: it is not running; 502: its worker.</exception>
    Task<SessionView> SetCloneAsync(Caller caller, CloneOrder order, CancellationToken cancellationToken = default);

    /// <summary>The whole state of one clone, UTF-8 JSON. It is no use of the session.</summary>
    /// <exception cref="ControlPlaneException">404: no such clone; 409: it is not running; 502: its worker.</exception>
    Task<byte[]> CloneStateAsync(Caller caller, string cloneName, CancellationToken cancellationToken = default);

    /// <summary>Sets all faults that are injected into one clone's answers, durable when this answers. It is no use of the session.</summary>
    /// <param name="faults">UTF-8 JSON, which the worker judges; an empty list ends them.</param>
    /// <exception cref="ControlPlaneException">400: there is no such fault; 404: no such clone; 409: it is not running; 502: its worker.</exception>
    Task SetFaultsAsync(Caller caller, string cloneName, byte[] faults, CancellationToken cancellationToken = default);

    /// <summary>The faults that are injected into one clone's answers, as they were set.</summary>
    /// <exception cref="ControlPlaneException">404: no such clone; 409: it is not running; 502: its worker.</exception>
    Task<byte[]> FaultsAsync(Caller caller, string cloneName, CancellationToken cancellationToken = default);

    /// <summary>
    /// Ends the session and answers when no gateway admits a request to it any more and its clones are gone. Again: the same wait and answer.
    /// </summary>
    /// <exception cref="ControlPlaneException">502: no gateway admits anything, but its worker did not confirm in time; it is retried.</exception>
    Task<RecallReport> StopAsync(Caller caller, CancellationToken cancellationToken = default);

    /// <summary>
    /// The verdict about a caller who wants to reach a clone, and the fact behind it, given to a gateway that is saved as its reader first.
    /// Nothing is saved or counted for a caller who may not.
    /// </summary>
    /// <param name="reader">The incarnation that asks.</param>
    /// <param name="fresh">Answer from what is stored now, not from memory (<c>Leases:Reuse=false</c>).</param>
    Task<SessionAnswer> AuthorizeAsync(
        Caller caller, string cloneName, string reader, bool fresh, CancellationToken cancellationToken = default);

    /// <summary>
    /// A share of the request budget for a gateway, saved before it is given. The one it already has unless <paramref name="spent"/> names it.
    /// Null: the budget is spent, for ever.
    /// </summary>
    /// <param name="spent">The number of the last share that the gateway has done with; 0 when none.</param>
    /// <param name="unused">What was left of it: not nothing when it was taken back, and the answer to that may still be on its way.</param>
    /// <exception cref="ControlPlaneException">404: it has ended; 502: it has failed.</exception>
    Task<BudgetShare?> TakeShareAsync(string reader, long spent, int unused = 0, CancellationToken cancellationToken = default);

    /// <summary>A gateway that leaves gives back what it has not used of a share, which it will use no more. Harmless when repeated.</summary>
    Task ReturnShareAsync(string reader, long number, int unused, CancellationToken cancellationToken = default);

    /// <summary>
    /// A gateway tells how long ago the session was last used through it, and how much since its last report. It is kept in memory and goes
    /// with the next save; what is <see cref="SessionUse.Final"/> is saved before it is answered.
    /// </summary>
    Task ReportUseAsync(SessionUse use, CancellationToken cancellationToken = default);

    /// <summary>
    /// The pool tells where a worker is that holds a placement of this session. Facts that name another address are taken away. False: the
    /// placement is not the session's (any more) and is to be stopped. Twice is harmless.
    /// </summary>
    Task<bool> WorkerFoundAsync(string workerId, long epoch, Uri data, CancellationToken cancellationToken = default);

    /// <summary>The pool tells that a worker is lost: a session that is placed there has failed. Twice is harmless.</summary>
    Task WorkerLostAsync(string workerId, CancellationToken cancellationToken = default);

    /// <summary>
    /// After a restore from a backup: what the one worker there is holds. A session whose clones are not among it has failed. Twice is
    /// harmless.
    /// </summary>
    /// <returns>Whether it has failed for that.</returns>
    Task<bool> RestoredAsync(IReadOnlyList<HeldPlacement> held, CancellationToken cancellationToken = default);

    /// <summary>Why it is alive or dead, for an operator, of whatever workspace; null: it is unknown. It is no use of the session.</summary>
    Task<SessionExplanation?> ExplainAsync(CancellationToken cancellationToken = default);
}

/// <summary>Everything that bears on whether a session lives; without its placement's key.</summary>
/// <param name="Ending">Because of what it is over; null while it lives, and of one that ended before this was kept.</param>
/// <param name="Refused">Why it was never let in.</param>
/// <param name="Sighting">Where the pool sees its worker; null without a placement.</param>
/// <param name="Readers">The gateways that hold its fact.</param>
/// <param name="ToTell">The gateways that are still to be told of a change.</param>
/// <param name="ToDo">What must still follow its changes.</param>
public sealed record SessionExplanation(
    SessionView View, SessionEnding? Ending, Refusal? Refused, string? WorkerId, long? Epoch, WorkerSighting? Sighting,
    IReadOnlyList<string> Readers, IReadOnlyList<string> ToTell, IReadOnlyList<SessionStep> ToDo);

/// <summary>Some of a session's request budget, given to one gateway.</summary>
/// <param name="Number">Counts the shares of one session from 1.</param>
public sealed record BudgetShare(long Number, int Requests);

/// <param name="Ago">From the last use to the sending of the report.</param>
/// <param name="Final">The gateway will forget it once it is answered, and can then not be asked for it.</param>
public sealed record SessionUse(TimeSpan Ago, long Requests, long Bytes, bool Final = false);

/// <summary>What a gateway is told about a session that it may not know.</summary>
/// <param name="WorkspaceId">Null: the session does not exist.</param>
/// <param name="Refusal">Why a caller of this workspace is not let in though the session runs.</param>
/// <param name="Fact">Only for a caller who acts in the session's workspace, while it runs.</param>
public sealed record SessionAnswer(string? WorkspaceId, SessionStatus Status, string? LastError, SessionFact? Fact, Refusal? Refusal = null)
{
    public static SessionAnswer Unknown { get; } = new(null, SessionStatus.Ended, null, null);
}

/// <summary>What a gateway holds of a running session.</summary>
/// <param name="Version">Of the record when the fact was granted.</param>
/// <param name="EndsIn">Until its absolute end, from when the question was sent.</param>
/// <param name="Worker">The worker's data port.</param>
/// <param name="Clones">In the order of creation.</param>
/// <param name="Budgeted">Whether each request needs a place in a share.</param>
public sealed record SessionFact(
    string SessionId, string WorkspaceId, long Version, TimeSpan EndsIn, long Epoch, Uri Worker, string Key,
    IReadOnlyList<string> Clones, bool Budgeted);
