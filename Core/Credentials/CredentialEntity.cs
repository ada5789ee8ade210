using ControlPlane.Audit;
using ControlPlane.Authorization;
using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.Gateways;
using ControlPlane.Leases;
using ControlPlane.Records;

namespace ControlPlane.Credentials;

/// <summary>The entity behind <see cref="ICredential"/>.</summary>
public sealed class CredentialEntity : ICredential, IEntity
{
    private static readonly Refusal Gone = new(ErrorCode.CredentialInvalid, "The credential was revoked.");

    private static readonly Refusal Rotated = new(
        ErrorCode.ControlPlaneUnavailable, "The key was given another secret while this ran. The one before works for a while yet: try again.",
        TimeSpan.FromSeconds(1));

    private static readonly Refusal FormerEnded = new(
        ErrorCode.ControlPlaneUnavailable, "An earlier secret of the key was ended while this ran. The present one works: try again.",
        TimeSpan.FromSeconds(1));

    private readonly string _id;
    private readonly IEntityHost _host;
    private readonly Record<CredentialState> _record;
    private readonly Recalls _recalls;
    private readonly Departed _departed;
    private readonly AuditTrail<CredentialState> _audit;

    // UTC ticks of the last use that was reported, 0 when none was; many report at once.
    private long _used;

    public CredentialEntity(string id, IEntityHost host, LeaseOptions options)
    {
        (_id, _host) = (id, host);
        var alarm = new RecallAlarm(host);
        _record = new Record<CredentialState>(host.Store<CredentialState>()) { BeforeSave = (next, _) => alarm.SetAsync(next) };
        _recalls = new Recalls(host, options, SaveAcknowledgedAsync);
        _departed = new Departed(host, reader => SaveAcknowledgedAsync(reader, 0, over: true));
        _audit = new AuditTrail<CredentialState>(host, _record);
        _record.Saved += saved => _departed.Look(saved.State?.Readers.Current ?? []);
        _record.Loaded += GoOn;
    }

    public bool IsForgettable => _record.IsQuiet && _record.Current?.State is null or { Readers.ToTell.IsEmpty: true, ToAudit: null };

    public async Task<CredentialAnswer> AuthorizeAsync(
        TokenDigest digest, string reader, bool fresh, CancellationToken cancellationToken = default)
    {
        if (fresh)
        {
            // Only the record that was read may say that the reader is in it: an activation that has been replaced would be believed otherwise.
            var stored = await _record.ReadFreshAsync(cancellationToken);
            if (stored.State is { } read && read.Readers.Current.Contains(reader))
            {
                return Answer(read, stored.Version, digest);
            }
        }

        return await _record.ChangeAsync((state, version) => Grant(state, version, digest, reader), cancellationToken);
    }

    public Task CreateAsync(NewCredential credential, CancellationToken cancellationToken = default) => _record.ChangeAsync(
        (state, _) => state is null
            ? Decision<CredentialState, bool>.Save(CredentialState.From(credential), true)
            : Decision<CredentialState, bool>.Keep(true),
        cancellationToken);

    public Task<CredentialView?> DescribeAsync(string workspaceId, CancellationToken cancellationToken = default) =>
        DescribeAsync(state => state.WorkspaceId == workspaceId, cancellationToken);

    public Task<CredentialView?> DescribeOwnAsync(string userId, CancellationToken cancellationToken = default) =>
        DescribeAsync(state => state.UserId == userId, cancellationToken);

    private async Task<CredentialView?> DescribeAsync(Func<CredentialState, bool> isTheirs, CancellationToken cancellationToken)
    {
        var stored = await _record.ReadAsync(cancellationToken);

        // "There is none" is never said from memory.
        stored = stored.State is null ? await _record.ReadFreshAsync(cancellationToken) : stored;
        return stored.State is { } state && isTheirs(state) ? state.View(_id, Used) : null;
    }

    public Task<RecallReport?> RevokeAsync(Caller caller, CancellationToken cancellationToken = default) =>
        RevokeAsync(caller, AuditAction.ApiKeyRevoke, state => IsKeyOf(state, caller), caller.MustAdminister, cancellationToken);

    public Task<RecallReport?> RevokeOwnAsync(Caller caller, CancellationToken cancellationToken = default) =>
        RevokeAsync(
            caller, AuditAction.TokenRevoke, state => state.UserId is not null && state.UserId == caller.UserId, static () => { }, cancellationToken);

    private async Task<RecallReport?> RevokeAsync(
        Caller caller, AuditAction action, Func<CredentialState, bool> isTheirs, Action mayOrThrow, CancellationToken cancellationToken)
    {
        var now = _host.Time.GetUtcNow();
        var act = _audit.Act(caller, action, _id);
        var revoked = await _record.ChangeAsync<CredentialState?>(
            (state, version) =>
            {
                if (state is null || !isTheirs(state))
                {
                    return Decision<CredentialState, CredentialState?>.Keep(null);
                }

                mayOrThrow();
                var next = Done(state.UsedAt(Used).Revoked(now, version), act);
                return state.RevokedAt is null
                    ? Decision<CredentialState, CredentialState?>.Save(next, next)
                    : Decision<CredentialState, CredentialState?>.KeepForEver(state);
            },
            cancellationToken);
        return revoked is null ? null : await TellAndWriteAsync(revoked, cancellationToken);
    }

    public async Task<KeyRotation?> RotateAsync(
        Caller caller, TokenDigest secret, TimeSpan grace, CancellationToken cancellationToken = default)
    {
        var now = _host.Time.GetUtcNow();
        var act = _audit.Act(caller, AuditAction.ApiKeyRotate, _id);
        var rotated = await _record.ChangeAsync<CredentialState?>(
            (state, version) =>
            {
                if (state is null || !IsKeyOf(state, caller))
                {
                    return Decision<CredentialState, CredentialState?>.Keep(null);
                }

                caller.MustAdminister();
                caller.MustCover(state.Grant);
                var next = Done(state.UsedAt(Used).Rotated(secret, grace, now, version), act);
                return state.HasHad(secret) ? Decision<CredentialState, CredentialState?>.Keep(state)
                    : state.RevokedAt is not null || state.ExpiresAt <= now ? Decision<CredentialState, CredentialState?>.Keep(null)
                    : Decision<CredentialState, CredentialState?>.Save(next, next);
            },
            cancellationToken);
        return rotated is null ? null : new KeyRotation(rotated.View(_id, Used), await TellAndWriteAsync(rotated, cancellationToken));
    }

    public async Task<RecallReport?> EndAsync(TokenDigest secret, CancellationToken cancellationToken = default)
    {
        var now = _host.Time.GetUtcNow();
        var ended = await _record.ChangeAsync(
            (state, version) => state?.EndedBy(secret, now, version) is not { } next ? Decision<CredentialState, CredentialState?>.Keep(null)
                : ReferenceEquals(next, state) ? Decision<CredentialState, CredentialState?>.KeepForEver(state)
                : Saved(Done(next, EndedByHolder(state))),
            cancellationToken);
        return ended is null ? null : await TellAndWriteAsync(
            ended, TellAsync(ended, ended.RevokedAt is null ? FormerEnded : Gone), cancellationToken);
    }

    public Task ReportUseAsync(TimeSpan ago, CancellationToken cancellationToken = default)
    {
        var at = _host.Time.GetUtcNow() - ago;
        for (var known = Volatile.Read(ref _used); known < at.UtcTicks;)
        {
            var found = Interlocked.CompareExchange(ref _used, at.UtcTicks, known);
            known = found == known ? at.UtcTicks : found;
        }

        var stale = _record.Current?.State?.LastUsedAt is not { } saved || at - saved > TimeSpan.FromMinutes(1);
        return !stale ? Task.CompletedTask : _record.ChangeAsync(
            (state, _) => state is null || state.UsedAt(Used) == state
                ? Decision<CredentialState, bool>.Keep(true)
                : Decision<CredentialState, bool>.Save(state.UsedAt(Used), true),
            cancellationToken);
    }

    public async Task WakeAsync(CancellationToken cancellationToken = default)
    {
        // What another activation has left undone is in the store alone, and a wake that finds nothing clears the alarm.
        var stored = await _record.ReadFreshAsync(cancellationToken);
        if (stored.State is { } told)
        {
            await _audit.WriteAsync(told, cancellationToken);
        }

        if (stored.State is { } state && state.Readers.AnyToTell(stored.Version))
        {
            await TellAsync(state).WaitAsync(cancellationToken);

            // Everybody has acknowledged, and that is not saved yet: a crash before it is would leave the pairs to nobody.
            await _host.WakeAtAsync(_host.Time.GetUtcNow() + Alarm.GoOnAfter);
            return;
        }

        // Everybody has been told, and nobody can ask for it: its workspace is none.
        if (stored.State is { WorkspaceId: WarmUp.Workspace, RevokedAt: not null })
        {
            await RemoveAsync(cancellationToken);
        }

        if (_record.IsQuiet)
        {
            await _host.WakeAtAsync(null);
        }

        // Looked at once more: a change may have begun while its alarm was being cleared.
        if (!_record.IsQuiet)
        {
            // A change is under way that relies on its alarm: a clock that is behind makes one due before its save.
            await _host.WakeAtAsync(_host.Time.GetUtcNow() + Alarm.GoOnAfter);
        }
    }

    private DateTimeOffset? Used => Volatile.Read(ref _used) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    private Decision<CredentialState, CredentialAnswer> Grant(CredentialState? state, long version, TokenDigest digest, string reader)
    {
        if (state is null)
        {
            return Decision<CredentialState, CredentialAnswer>.Keep(new CredentialAnswer(CredentialStanding.Unknown));
        }

        var answer = Answer(state, version, digest);
        if (answer.Standing == CredentialStanding.Unknown)
        {
            // Another activation may have made it the key's secret.
            return Decision<CredentialState, CredentialAnswer>.Keep(answer);
        }

        // Each of these can never be undone: a secret that ended stays so, revoked stays revoked, an expiry is never moved.
        return answer.Standing == CredentialStanding.Good
            ? Decision<CredentialState, CredentialAnswer>.Save(state.UsedAt(Used) with { Readers = state.Readers.Granted(reader) }, answer)
            : Decision<CredentialState, CredentialAnswer>.KeepForEver(answer);
    }

    private CredentialAnswer Answer(CredentialState state, long version, TokenDigest digest)
    {
        var now = _host.Time.GetUtcNow();
        var standing = state.Standing(digest, now);
        return new CredentialAnswer(standing, standing == CredentialStanding.Good ? state.Fact(_id, digest, version, now) : null);
    }

    /// <summary>The warm-up's keys are nobody's, and have no log.</summary>
    private static CredentialState Done(CredentialState next, AuditEvent act) => next.WorkspaceId == WarmUp.Workspace ? next : next.By(act);

    private static bool IsKeyOf(CredentialState state, Caller caller) =>
        state.WorkspaceId == caller.WorkspaceId && state.Kind == CredentialKind.WorkspaceKey;

    private Decision<CredentialState, CredentialState?> Saved(CredentialState next) =>
        Decision<CredentialState, CredentialState?>.Save(next.UsedAt(Used), next);

    /// <summary>Whoever holds a token acts as whose it is.</summary>
    private AuditEvent EndedByHolder(CredentialState state) => _audit.Act(
        new Caller(_id, state.Kind, state.WorkspaceId, state.UserId, null, Scopes.None),
        state.Kind == CredentialKind.WorkspaceKey ? AuditAction.ApiKeyRevoke : AuditAction.TokenRevoke, _id);

    private Task<RecallReport> TellAndWriteAsync(CredentialState taken, CancellationToken cancellationToken) =>
        TellAndWriteAsync(taken, TellAsync(taken), cancellationToken);

    private async Task<RecallReport> TellAndWriteAsync(CredentialState taken, Task<RecallReport> telling, CancellationToken cancellationToken)
    {
        var written = _audit.WriteAsync(taken, cancellationToken);
        var report = await telling.WaitAsync(cancellationToken);
        await written;
        return report;
    }

    private Task<RecallReport> TellAsync(CredentialState state) => TellAsync(state, state is { RevokedAt: null, Former: not null } ? Rotated : Gone);

    private Task<RecallReport> TellAsync(CredentialState state, Refusal because) => _recalls.TellAsync(
        _record.Current?.State?.Readers ?? state.Readers, Subject.Credential(_id), state.TakenAs, because);

    private Task SaveAcknowledgedAsync(string reader, long version, bool over) => _record.ChangeAsync(
        (state, _) => state is null
            ? Decision<CredentialState, bool>.Keep(true)
            : Decision<CredentialState, bool>.Save(
                state with { Readers = over ? state.Readers.Over(reader) : state.Readers.Acknowledged(reader, version) }, true));

    private Task RemoveAsync(CancellationToken cancellationToken) =>
        _record.ChangeAsync((_, _) => Decision<CredentialState, bool>.Remove(true), cancellationToken);

    private void GoOn(Stored<CredentialState> stored)
    {
        if (stored.State is { Readers.ToTell.IsEmpty: false } state)
        {
            _ = TellAsync(state);
        }

        if (stored.State is { ToAudit: not null } told)
        {
            _audit.GoOn(told);
        }
    }
}
