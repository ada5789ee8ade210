using System.Diagnostics.CodeAnalysis;
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
    /// <summary>How soon another activation goes on with telling readers when this one dies.</summary>
    private static readonly TimeSpan GoOnAfter = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan AlarmAgain = TimeSpan.FromSeconds(1);

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
        _record = new Record<CredentialState>(host.Store<CredentialState>()) { BeforeSave = BeginAlarm };
        _recalls = new Recalls(host, options, SaveAcknowledgedAsync);
        _departed = new Departed(host, reader => SaveAcknowledgedAsync(reader, 0, over: true));
        _record.Saved += saved => _departed.Look(saved.State?.Readers.Current ?? []);
        _record.Loaded += GoOn;
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

        // Everybody has been told, and nobody can ask for it: its workspace is none.
        await (stored.State is { WorkspaceId: WarmUp.Workspace, RevokedAt: not null } ? RemoveAsync(cancellationToken) : Task.CompletedTask);
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

    /// <summary>
    /// A revocation's alarm is set beside its save: one after the other would be two flushes of the store's log in the way of each DELETE. It is
    /// asked for first. Should all that does it die between the two, nobody has been answered, and the next activation tells: a gateway that
    /// has the fact reports its use, also of streams that run on it, every third of its lease.
    /// </summary>
    private Task BeginAlarm(Stored<CredentialState> next, CancellationToken cancellationToken)
    {
        if (next.State is { } state && state.RevokedAs == next.Version && !state.Readers.ToTell.IsEmpty)
        {
            _ = SetAlarmAsync();
        }

        return Task.CompletedTask;
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever keeps it from being set, it is tried again while there is somebody to tell.")]
    private async Task SetAlarmAsync()
    {
        while (true)
        {
            try
            {
                await _host.WakeAtAsync(_host.Time.GetUtcNow() + GoOnAfter);
                return;
            }
            catch (Exception)
            {
                await Task.Delay(AlarmAgain, _host.Time);
            }

            try
            {
                // What became of a save with an unknown outcome is known once it has been read; then there may be nobody to tell.
                if ((await _record.ReadAsync()).State is not { Readers.ToTell.IsEmpty: false })
                {
                    return;
                }
            }
            catch (Exception)
            {
                // The store is away: the alarm is tried again first.
            }
        }
    }

    private Task RemoveAsync(CancellationToken cancellationToken) =>
        _record.ChangeAsync((_, _) => Decision<CredentialState, bool>.Remove(true), cancellationToken);

    private void GoOn(Stored<CredentialState> stored)
    {
        if (stored.State is { Readers.ToTell.IsEmpty: false } state)
        {
            _ = TellAsync(state);
        }
    }
}
