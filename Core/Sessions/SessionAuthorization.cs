using ControlPlane.Authorization;
using ControlPlane.Credentials;
using ControlPlane.Entities;
using ControlPlane.Leases;
using ControlPlane.Records;

namespace ControlPlane.Sessions;

/// <summary>Answers gateways that ask whether a caller may reach a clone, and saves each as a reader before it is given the fact.</summary>
/// <param name="loseWorkerAsync">Ends the session if it is on this worker, of which the pool says that it is lost.</param>
internal sealed class SessionAuthorization(
    string id, IEntityHost host, Record<SessionState> record, SessionWatch watch, SessionUsage usage,
    Func<string, CancellationToken, Task> loseWorkerAsync)
{
    public async Task<SessionAnswer> AnswerAsync(
        Caller caller, string cloneName, string reader, bool fresh, CancellationToken cancellationToken)
    {
        var came = watch.Now;
        while (true)
        {
            var stored = fresh ? await record.ReadFreshAsync(cancellationToken) : await record.ReadAsync(cancellationToken);
            stored = stored.State is null && !fresh ? await record.ReadFreshAsync(cancellationToken) : stored;
            if (stored.State is not { Refused: null } state)
            {
                return SessionAnswer.Unknown;
            }

            // The workspace never changes, nor do a caller's scopes: whoever acts in another learns nothing else and wakes nothing.
            if (caller.WorkspaceId != state.WorkspaceId || !caller.Grant.Allows(Scopes.SessionsWrite, id))
            {
                return new SessionAnswer(state.WorkspaceId, SessionStatus.Running, null, null);
            }

            if (state.IsOpen && await usage.IsOverAsync(state, cancellationToken))
            {
                return new SessionAnswer(state.WorkspaceId, SessionStatus.Ended, null, null);
            }

            if (state.Status == SessionStatus.Starting)
            {
                state = await watch.UntilAsync(now => now?.Status != SessionStatus.Starting, watch.Left(came), cancellationToken) ?? state;
            }

            Uri? worker = null;
            var seen = state.ServedFrom;
            if (state is { IsOpen: true, Placement: { } placement })
            {
                var sighting = await host.Entities.Workers.LocateAsync(placement.WorkerId, cancellationToken);

                // A pool that has just begun has heard of nobody yet: until it has, a session is where it was.
                worker = sighting.IsKnown ? sighting.Data : state.ServedFrom;
                if (sighting.IsLost)
                {
                    await loseWorkerAsync(placement.WorkerId, cancellationToken);
                    state = (await record.ReadAsync(cancellationToken)).State ?? state;
                }
            }

            if (SessionAdmission.Refuse(state, cloneName, worker) is { } no)
            {
                return no;
            }

            if (fresh && stored.State == state && NeedsNoSave(stored, reader, worker))
            {
                usage.Used(host.Time.GetUtcNow());
                return SessionAdmission.Admit(id, state, stored.Version, worker!, host.Time.GetUtcNow());
            }

            // The worker may have moved since it was located, and whoever had to be told of that was told: then it is located again.
            var answer = await record.ChangeAsync(
                (next, version) => next is not null && next.ServedFrom != seen
                    ? Decision<SessionState, SessionAnswer?>.Keep(null)
                    : Grant(next, version, cloneName, reader, worker!),
                cancellationToken);
            if (answer is not null)
            {
                return answer;
            }
        }
    }

    /// <summary>Whether the record says all that a grant would save, and its version is none that the reader is still to be told of.</summary>
    private static bool NeedsNoSave(Stored<SessionState> stored, string reader, Uri? worker) => stored.State is { } state
        && state.Readers.Current.Contains(reader) && state.ServedFrom == worker && !state.Readers.ToTell.Contains(new Untold(reader, stored.Version));

    private Decision<SessionState, SessionAnswer?> Grant(SessionState? state, long version, string cloneName, string reader, Uri worker)
    {
        if (state is null)
        {
            return Decision<SessionState, SessionAnswer?>.Keep(SessionAnswer.Unknown);
        }

        if (SessionAdmission.Refuse(state, cloneName, worker) is { } no)
        {
            return Decision<SessionState, SessionAnswer?>.Keep(no);
        }

        // A reader that is told of the move drops whatever the same save gives it: the move is saved alone, and what is given comes after it.
        if (state.ServedFrom != worker && state.Readers.Current.Contains(reader))
        {
            return Decision<SessionState, SessionAnswer?>.Save(state.Serving(worker, version), null);
        }

        var now = host.Time.GetUtcNow();
        var next = usage.Latest(state).UsedAt(now).Serving(worker, version);
        next = next with { Readers = next.Readers.Granted(reader) };
        return Decision<SessionState, SessionAnswer?>.Save(next, SessionAdmission.Admit(id, next, version, worker, now));
    }
}
