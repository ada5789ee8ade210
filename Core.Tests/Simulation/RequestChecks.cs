using ControlPlane.Errors;
using ControlPlane.Gateways;
using ControlPlane.Hosting;
using ControlPlane.Sessions;

namespace ControlPlane.Simulation;

/// <summary>What must be true of one request, made when it arrives.</summary>
internal sealed class RequestChecks(Cluster cluster, GatewayProcess at, KnownKey key, KnownSession session)
{
    /// <summary>What an owner had acknowledged before the request arrived.</summary>
    private readonly string? _takenAway = key.IsGone ? "its key was revoked or rotated"
        : key.User is { IsRemoved: true } ? "its user was removed"
        : session.IsStopped ? "its session was stopped" : null;

    private readonly bool _wasMade = key.IsMade;
    private readonly bool _wasMember = key.User?.IsMember != false;
    private readonly bool _hadSession = session.IsMade;

    /// <param name="exact">It was decided at this very moment.</param>
    public void Decided(Verdict verdict, long asked, bool exact)
    {
        if (verdict.Route is not null)
        {
            Admitted(exact);
        }
        else
        {
            Refused(verdict.Refusal!, asked);
        }
    }

    /// <summary>A chunk is passed on.</summary>
    public void Passed(bool exact)
    {
        Must(
            !key.IsGone && !session.IsStopped && key.User is not { IsRemoved: true }, "cut streams",
            "passed a chunk on after its key was revoked or rotated, its user removed or its session stopped");
        Standing(exact);
        session.Uses.Add(cluster.Scheduler.Now);
    }

    private void Admitted(bool exact)
    {
        Must(_takenAway is null, "revocation", $"was admitted after {_takenAway}");
        Standing(exact && session.RateLimit is null);
        session.Unclear--;
        session.Admitted++;
        session.Uses.Add(cluster.Scheduler.Now);
        Must(!(session.Admitted > session.RateLimit), "budget", $"was admitted as number {session.Admitted} of {session.RateLimit}");
    }

    /// <summary>Its lease, its key and its session last at this moment, by the clocks that count.</summary>
    private void Standing(bool exact)
    {
        if (!exact)
        {
            return;
        }

        Must(at.LeaseStands, "fail closed", "was let through without a lease");
        if (cluster.Profile.MovesWalls)
        {
            return;
        }

        Must(!(key.ExpiresAt + Tolerance <= Now), "expiry", "was let through after its key had expired");
        Must(!(key.EndsBy + Tolerance <= Now), "grace", "was let through after the grace of its secret had ended");
        var stored = Stored;
        Must(stored is null || Now < stored.EndAt + Tolerance, "expiry", $"was let through after its session's end {stored?.EndAt:O}");
    }

    private void Refused(Refusal refusal, long asked)
    {
        // A request that was cut right after it had taken its place has used it.
        session.Unclear -= session.RateLimit is null || refusal.Code == ErrorCode.RequestBudgetExhausted ? 1 : 0;
        var early = Tolerance + TimeSpan.FromTicks(cluster.Scheduler.Now - asked) + TimeSpan.FromSeconds(5);
        var stored = Stored;
        var fair = refusal.Code switch
        {
            ErrorCode.CredentialInvalid => key.RevokeAsked || key.RotateAsked || !_wasMade,
            ErrorCode.CredentialExpired => cluster.Profile.MovesWalls || key.RotateAsked || key.ExpiresAt <= Now + early,
            ErrorCode.SessionForbidden or ErrorCode.RoleMissing => key.User is { RemoveAsked: true } || !_wasMember,
            ErrorCode.SessionNotFound => !_hadSession,
            ErrorCode.SessionEnded => cluster.Profile.MovesWalls || session.StopAsked || stored is not { IsOpen: true } || stored.EndAt <= Now + early,
            ErrorCode.SessionFailed => stored?.Status == SessionStatus.Failed,
            ErrorCode.RequestBudgetExhausted => IsSpent || stored is not { IsOpen: true },
            ErrorCode.ControlPlaneUnavailable or ErrorCode.SessionStarting or ErrorCode.CloneUnreachable => true,
            _ => false,
        };
        Must(fair, "fail closed", $"was refused as {refusal.Code} ({session.Admitted} of {session.RateLimit} admitted, {session.Unclear} unclear): {refusal.Message}");
    }

    /// <summary>
    /// Each incarnation that ended may have taken one share with it. One that has lapsed by a wall clock that was moved back seems to stand: there
    /// the gateway itself is asked.
    /// </summary>
    private bool IsSpent
    {
        get
        {
            var ended = cluster.Gateways.Sum(gateway => gateway.Incarnations - (gateway.LeaseStands && !(cluster.Profile.MovesWalls && gateway.Gateway.Incarnation is null) ? 1 : 0));
            return session.Admitted + session.Unclear + (ended * Math.Max(1, session.RateLimit!.Value / 100)) >= session.RateLimit;
        }
    }

    private SessionState? Stored => cluster.Storage.Peek<SessionState>(new EntityKey(EntityKinds.Session, session.Id));

    private DateTimeOffset Now => MachineClock.Start + TimeSpan.FromTicks(cluster.Scheduler.Now);

    /// <summary>What the clocks of this schedule may be apart by now.</summary>
    private TimeSpan Tolerance => TimeSpan.FromTicks(
        (cluster.Profile.Drifts ? cluster.Scheduler.Now / 50 : 0) + at.Machine.Clock.Stood);

    private void Must(bool holds, string checker, string what)
    {
        if (!holds)
        {
            throw new Violation(checker, $"a request at {at.Machine.Name} with {key.Id} for {session.Id} {what}.");
        }
    }
}
