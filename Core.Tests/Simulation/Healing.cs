using ControlPlane.Credentials;
using ControlPlane.Errors;
using ControlPlane.Hosting;
using ControlPlane.Sessions;
using ControlPlane.Workspaces;

namespace ControlPlane.Simulation;

/// <summary>
/// The end of a schedule: no more faults. Whatever was asked is answered, what was acknowledged is there, what stands is admitted and what
/// does not is refused, and after everything has been taken away nothing is left.
/// </summary>
internal sealed class Healing(Cluster cluster, Clients clients)
{
    /// <summary>Lost calls have been given up, and every effect has been tried again, within this time.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Two activations share one alarm, and either may set it to when the session is idle: then what a crash left undone goes on.</summary>
    private static readonly TimeSpan PatienceWithAlarms = TimeSpan.FromMinutes(33);

    private readonly Remains _remains = new(cluster);

    private History History => cluster.History;

    /// <summary>What the store was late with before the faults ended has come within this time.</summary>
    private static readonly TimeSpan StoreIsLate = TimeSpan.FromSeconds(4);

    public async Task RunAsync()
    {
        await UntilAsync("deadlock", () => History.UnderWay == 0, () => $"{History.UnderWay} operations are not answered");
        await UntilAsync("deadlock", () => History.InFlight == 0, () => $"{History.InFlight} requests have not left");
        await UntilAsync("liveness", () => cluster.Gateways.All(gateway => gateway.Gateway.IsReady), () => "a gateway has no lease");
        await UntilAsync("deadlock", () => _remains.Unsettled() is null, () => _remains.Unsettled()!, PatienceWithAlarms);
        MustHaveKept();
        await ProbeAsync();
        await PassAsync(StoreIsLate);
        await TakeAllAwayAsync();
        await UntilAsync("memory", () => _remains.Left() is null, () => _remains.Left()!, PatienceWithAlarms);
    }

    /// <summary>Every change that was acknowledged is stored.</summary>
    private void MustHaveKept()
    {
        foreach (var key in History.Keys)
        {
            var stored = cluster.Storage.Peek<CredentialState>(new EntityKey(EntityKinds.Credential, key.Id));
            Must(stored is not null || !key.IsMade, "acknowledged changes", $"the key {key.Id} was made and is not stored");
            Must(stored?.RevokedAt is not null || !key.IsRevoked, "acknowledged changes", $"the key {key.Id} was revoked and stands");
            Must(
                stored is null || !key.IsMade || stored.HasHad(TokenDigest.Of(key.Token)), "acknowledged changes",
                $"the key {key.Id} was given its secret {key.Secret}, and that is not stored");
        }

        foreach (var user in History.Users)
        {
            var isMember = IsMember(user);
            Must(isMember || !user.IsMember || user.RemoveAsked, "acknowledged changes", $"{user.Id} became a member and is none");
            Must(!isMember || !user.IsRemoved, "acknowledged changes", $"{user.Id} was removed and is a member");
        }

        foreach (var session in History.Sessions)
        {
            var stored = SessionOf(session);
            Must(stored is not null || !session.IsMade, "acknowledged changes", $"the session {session.Id} was made and is not stored");
            Must(stored is not { IsOpen: true } || !session.IsStopped, "acknowledged changes", $"the session {session.Id} was stopped and is open");
            Must(stored is null || stored.EndAt >= session.EndAt, "acknowledged changes", $"the renewal of {session.Id} is not stored");
            if (stored is { Status: SessionStatus.Running, Placement: { } placement })
            {
                var places = cluster.Workers.Sum(worker => worker.Value.Running.Count(held => held.SessionId == session.Id));
                Must(places == 1, "effects", $"the session {session.Id} runs in {places} places, its record says {placement.WorkerId}, {placement.Epoch}");
            }
        }
    }

    /// <summary>Every gateway decides rightly on every key and every session.</summary>
    private async Task ProbeAsync()
    {
        var sessions = History.Sessions.TakeLast(3).ToList();
        foreach (var gateway in cluster.Gateways)
        {
            foreach (var key in History.Keys.TakeLast(3))
            {
                foreach (var session in sessions)
                {
                    await ProbeAsync(gateway, key, session);
                }
            }
        }

        if (History.Sessions.FindLast(session => session.RateLimit - session.Admitted < 50 && IsRunning(session)) is { } budgeted)
        {
            await SpendAsync(budgeted);
        }
    }

    private async Task<ErrorCode?> ProbeAsync(GatewayProcess gateway, KnownKey key, KnownSession session)
    {
        var standing = Stands(key) && IsRunning(session);
        for (var times = 0; ; times++)
        {
            var request = SimulatedRequest.Start(cluster, gateway, key, session, 0);
            await UntilAsync("deadlock", () => request.IsOver, () => $"a request at {gateway.Machine.Name} is not decided");
            var code = request.Verdict.Refusal?.Code;
            var still = standing && Stands(key) && IsRunning(session);
            if (!still || code is ErrorCode.RequestBudgetExhausted || request.Verdict.Route?.Worker == AddressOf(session))
            {
                return code;
            }

            Must(times < 20, "liveness", $"{key.Id} for {session.Id} is answered at {gateway.Machine.Name} with {code?.ToString() ?? "an address where its worker is no more"}, and both stand");
            await PassAsync(TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>All of a budget is usable: it is asked for until it is spent, at any gateway.</summary>
    private async Task SpendAsync(KnownSession session)
    {
        var key = clients.NewKey(CredentialKind.WorkspaceKey, null);
        await clients.CreateKeyAsync(key);
        ErrorCode? said = null;
        for (var times = 0; said is null && times <= session.RateLimit + 1 && IsRunning(session); times++)
        {
            said = await ProbeAsync(cluster.Chance.Of(cluster.Gateways), key, session);
        }

        Must(said is not null || !IsRunning(session), "budget", $"{session.Id} has admitted {session.Admitted} of {session.RateLimit} and goes on");
    }

    /// <summary>Everything is revoked and stopped, while gateways may have vanished: one lease and 250 ms are enough.</summary>
    private async Task TakeAllAwayAsync()
    {
        var comeBack = cluster.Gateways.Count > 1 ? new Vanishing(cluster).Begin(cluster.Chance.Next(7)) : () => { };

        // A key or member that a call which was given up makes only now is nobody's to take away.
        var keys = History.Keys.FindAll(key => key.Kind == CredentialKind.WorkspaceKey && IsStored(key));
        var users = History.Users.FindAll(IsMember);
        var began = cluster.Scheduler.Now;
        var lease = cluster.Options.Leases;
        await Task.WhenAll(keys.Select(clients.RevokeAsync).Concat(users.Select(clients.RemoveUserAsync)));
        var took = TimeSpan.FromTicks(cluster.Scheduler.Now - began);
        var bound = (lease.DurationWithDrift * 1.011) + lease.Silence + TimeSpan.FromMilliseconds(50);

        // An activation that loses a race to another counts the lease anew, so the bound is of a Gateway entity with one activation.
        // A renewal whose save was late when the faults ended gives its lease only then.
        Must(cluster.Profile.Moves || cluster.Profile.Strays > 0 || cluster.Profile.StoreLate > 0 || took <= bound, "revocation bound", $"revoking took {took}; a lease is {lease.Duration}");
        Must(keys.TrueForAll(key => key.IsRevoked), "liveness", "a key could not be revoked");
        Must(users.TrueForAll(user => user.IsRemoved), "liveness", "a user could not be removed");
        await Task.WhenAll(History.Sessions.Where(session => SessionOf(session) is not null).Select(clients.StopAsync));
        comeBack();
    }

    private bool Stands(KnownKey key) =>
        key is { IsMade: true, RevokeAsked: false, RotateAsked: false } && key.User is null or { IsMember: true, RemoveAsked: false } && !(key.ExpiresAt <= cluster.Director.Clock.GetUtcNow() + TimeSpan.FromSeconds(20));

    private bool IsRunning(KnownSession session) => SessionOf(session) is { Status: SessionStatus.Running } state
        && state.EndAt > cluster.Director.Clock.GetUtcNow() + TimeSpan.FromSeconds(20);

    /// <summary>Where the session's worker is by now; its facts with another address were taken away.</summary>
    private Uri? AddressOf(KnownSession session) =>
        SessionOf(session)?.Placement is { } placement ? cluster.Workers[placement.WorkerId].Beat.Address.Data : null;

    private bool IsStored(KnownKey key) => cluster.Storage.Peek<CredentialState>(new EntityKey(EntityKinds.Credential, key.Id)) is not null;

    private bool IsMember(KnownUser user) =>
        cluster.Storage.Peek<WorkspaceState>(new EntityKey(EntityKinds.Workspace, Clients.WorkspaceId))?.Members.ContainsKey(user.Id) == true;

    private SessionState? SessionOf(KnownSession session) => cluster.Storage.Peek<SessionState>(new EntityKey(EntityKinds.Session, session.Id));

    private async Task UntilAsync(string checker, Func<bool> isTrue, Func<string> problem, TimeSpan? patience = null)
    {
        var until = cluster.Scheduler.Now + (patience ?? Patience).Ticks;
        for (var pause = 5; !isTrue(); pause = Math.Min(500, pause * 2))
        {
            Must(cluster.Scheduler.Now < until, checker, problem());
            await PassAsync(TimeSpan.FromMilliseconds(pause));
        }
    }

    private Task PassAsync(TimeSpan span) => Task.Delay(span, cluster.Director.Clock);

    private static void Must(bool holds, string checker, string what)
    {
        if (!holds)
        {
            throw new Violation(checker, $"{what}.");
        }
    }
}
