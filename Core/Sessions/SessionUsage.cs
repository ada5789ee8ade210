using System.Diagnostics.CodeAnalysis;
using ControlPlane.Entities;
using ControlPlane.Leases;
using ControlPlane.Records;

namespace ControlPlane.Sessions;

/// <summary>
/// When a session was last used, and whether it is over. Gateways report use; it is kept in memory, goes with the next save, and is saved
/// after a minute at the latest (protocol 18), or before it is answered where its gateway keeps it no longer. Only here is a session judged idle.
/// </summary>
internal sealed class SessionUsage(string id, IEntityHost host, Record<SessionState> record)
{
    private static readonly TimeSpan SaveWithin = TimeSpan.FromMinutes(1);

    /// <summary>How long a reader may take to say when it was used; one that does not say is asked again later.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private DateTimeOffset _last = DateTimeOffset.MinValue;

    /// <summary>The state with the use that is not saved yet.</summary>
    public SessionState Latest(SessionState state)
    {
        lock (_gate)
        {
            return state.UsedAt(_last);
        }
    }

    public void Used(DateTimeOffset at)
    {
        lock (_gate)
        {
            _last = at > _last ? at : _last;
        }
    }

    public async Task ReportAsync(SessionUse use, CancellationToken cancellationToken)
    {
        Used(host.Time.GetUtcNow() - use.Ago);
        var state = (await record.ReadAsync(cancellationToken)).State;
        var unsaved = state is { IsOpen: true } ? Latest(state).LastUsedAt - state.LastUsedAt : TimeSpan.Zero;

        // What its gateway forgets, no later activation can ask for.
        if (unsaved >= SaveWithin || (use.Final && unsaved > TimeSpan.Zero))
        {
            await record.ChangeAsync(
                (next, _) => next is { IsOpen: true } && Latest(next) != next
                    ? Decision<SessionState, bool>.Save(Latest(next), true)
                    : Decision<SessionState, bool>.Keep(true),
                cancellationToken);
        }
    }

    /// <summary>
    /// Ends the session if its time is over, and says whether it is. Before it is ended for idleness every reader is asked when it was last
    /// used; a reader gives the fact up as it answers, so that a later request has to ask here.
    /// </summary>
    public async Task<bool> IsOverAsync(SessionState state, CancellationToken cancellationToken)
    {
        if (state.EndAt <= Now)
        {
            await EndAsync(SessionEndCause.EndReached, now => now.EndAt <= Now);
        }
        else if (Latest(state).IdleAt <= Now && await AllSaidAsync(state.Readers, cancellationToken))
        {
            // Another activation may have given the fact to a reader of which nothing was known here.
            await EndAsync(SessionEndCause.Idle, now => now.IdleAt <= Now && now.Readers.Current.All(state.Readers.Current.Contains));
        }
        else
        {
            return false;
        }

        return (await record.ReadAsync(cancellationToken)).State is not { IsOpen: true };
    }

    private DateTimeOffset Now => host.Time.GetUtcNow();

    private Task EndAsync(SessionEndCause cause, Func<SessionState, bool> stillDue) => record.EditAsync(
        (state, version) => state.IsOpen && stillDue(Latest(state)) ? Latest(state).Ended(new SessionEnding(cause), Now, version) : state);

    private async Task<bool> AllSaidAsync(Readers readers, CancellationToken cancellationToken)
    {
        var said = await Task.WhenAll(readers.Current.Select(reader => SaidAsync(reader, cancellationToken)));
        return Array.TrueForAll(said, answered => answered);
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever keeps a reader from answering, it is asked again later.")]
    private async Task<bool> SaidAsync(string reader, CancellationToken cancellationToken)
    {
        try
        {
            using var limit = new TimeLimit(AnswerWithin, host.Time, cancellationToken);
            var answer = await host.RecallAsync(reader, new Recall(RecallKind.Use, Subject.Session(id), 0), limit.Token).WaitAsync(limit.Token);
            if (answer.UsedAgo is { } ago)
            {
                Used(Now - ago);
            }

            return true;
        }
        catch (Exception)
        {
            return await IsGoneAsync(reader, cancellationToken);
        }
    }

    /// <summary>Whether a reader's lease is over; then it is one no more.</summary>
    public async Task<bool> IsGoneAsync(string reader, CancellationToken cancellationToken)
    {
        if (!await host.Entities.Gateway(reader).IsOverAsync(cancellationToken))
        {
            return false;
        }

        await record.ChangeAsync(
            (state, _) => state is { IsOpen: true } && state.Readers.Current.Contains(reader)
                ? Decision<SessionState, bool>.Save(Latest(state).ReaderOver(reader, Now), true)
                : Decision<SessionState, bool>.Keep(true),
            cancellationToken);
        return true;
    }
}
