using ControlPlane.Authorization;
using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.Leases;
using ControlPlane.Records;

namespace ControlPlane.Credentials;

/// <summary>The entity behind <see cref="ICredential"/>.</summary>
public sealed class CredentialEntity : ICredential, IEntity
{
    /// <summary>How soon another activation goes on with telling readers when this one dies.</summary>
    private static readonly TimeSpan GoOnAfter = TimeSpan.FromSeconds(30);

    private static readonly Refusal Gone = new(ErrorCode.CredentialInvalid, "The credential was revoked.");

    private readonly string _id;
    private readonly IEntityHost _host;
    private readonly Record<CredentialState> _record;
    private readonly Recalls _recalls;
    private readonly Departed _departed;

    // UTC ticks of the last use that was reported, 0 when none was; many report at once.
    private long _used;

    public CredentialEntity(string id, IEntityHost host, LeaseOptions options)
    {
        (_id, _host) = (id, host);
        _record = new Record<CredentialState>(host.Store<CredentialState>()) { BeforeSave = SetAlarmAsync };
        _recalls = new Recalls(host, options, SaveAcknowledgedAsync);
        _departed = new Departed(host, reader => SaveAcknowledgedAsync(reader, 0, over: true));
        _record.Saved += saved => _departed.Look(saved.State?.Readers.Current ?? []);
    }

    public bool IsForgettable => _record.IsQuiet && _record.Current?.State is null or { Readers.ToTell.IsEmpty: true };

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

    public async Task<CredentialView?> DescribeAsync(string workspaceId, CancellationToken cancellationToken = default)
    {
        var stored = await _record.ReadAsync(cancellationToken);

        // "There is none" is never said from memory.
        stored = stored.State is null ? await _record.ReadFreshAsync(cancellationToken) : stored;
        return stored.State is { } state && state.WorkspaceId == workspaceId ? state.View(_id, Used) : null;
    }

    public async Task<RecallReport?> RevokeAsync(Caller caller, CancellationToken cancellationToken = default)
    {
        var now = _host.Time.GetUtcNow();
        var revoked = await _record.ChangeAsync<CredentialState?>(
            (state, version) =>
            {
                if (state is null || state.WorkspaceId != caller.WorkspaceId || state.Kind != CredentialKind.WorkspaceKey)
                {
                    return Decision<CredentialState, CredentialState?>.Keep(null);
                }

                caller.MustAdminister();
                var next = state.UsedAt(Used).Revoked(now, version);
                return state.RevokedAt is null
                    ? Decision<CredentialState, CredentialState?>.Save(next, next)
                    : Decision<CredentialState, CredentialState?>.KeepForEver(state);
            },
            cancellationToken);
        return revoked is null ? null : await TellAsync(revoked).WaitAsync(cancellationToken);
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
        if (stored.State is { } state && state.Readers.AnyToTell(stored.Version))
        {
            await TellAsync(state).WaitAsync(cancellationToken);

            // Everybody has acknowledged, and that is not saved yet: a crash before it is would leave the pairs to nobody.
            await _host.WakeAtAsync(_host.Time.GetUtcNow() + GoOnAfter);
            return;
        }

        await _host.WakeAtAsync(null);
    }

    private DateTimeOffset? Used => Volatile.Read(ref _used) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    private Decision<CredentialState, CredentialAnswer> Grant(CredentialState? state, long version, TokenDigest digest, string reader)
    {
        if (state is null)
        {
            return Decision<CredentialState, CredentialAnswer>.Keep(new CredentialAnswer(CredentialStanding.Unknown));
        }

        // Each of these can never be undone: a digest does not change, revoked stays revoked, an expiry is never moved.
        var answer = Answer(state, version, digest);
        return answer.Standing == CredentialStanding.Good
            ? Decision<CredentialState, CredentialAnswer>.Save(state.UsedAt(Used) with { Readers = state.Readers.Granted(reader) }, answer)
            : Decision<CredentialState, CredentialAnswer>.KeepForEver(answer);
    }

    private CredentialAnswer Answer(CredentialState state, long version, TokenDigest digest)
    {
        var now = _host.Time.GetUtcNow();
        var standing = state.Standing(digest, now);
        return new CredentialAnswer(standing, standing == CredentialStanding.Good ? state.Fact(_id, version, now) : null);
    }

    private Task<RecallReport> TellAsync(CredentialState state) => _recalls.TellAsync(
        _record.Current?.State?.Readers ?? state.Readers, Subject.Credential(_id), state.RevokedAs, Gone);

    private Task SaveAcknowledgedAsync(string reader, long version, bool over) => _record.ChangeAsync(
        (state, _) => state is null
            ? Decision<CredentialState, bool>.Keep(true)
            : Decision<CredentialState, bool>.Save(
                state with { Readers = over ? state.Readers.Over(reader) : state.Readers.Acknowledged(reader, version) }, true));

    private Task SetAlarmAsync(Stored<CredentialState> next, CancellationToken cancellationToken) =>
        next.State is { } state && state.RevokedAs == next.Version && !state.Readers.ToTell.IsEmpty
            ? _host.WakeAtAsync(_host.Time.GetUtcNow() + GoOnAfter)
            : Task.CompletedTask;
}
