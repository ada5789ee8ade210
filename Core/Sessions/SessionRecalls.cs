using System.Diagnostics.CodeAnalysis;
using ControlPlane.Entities;
using ControlPlane.Leases;
using ControlPlane.Records;

namespace ControlPlane.Sessions;

/// <summary>Tells a session's readers what changed: that it has ended or moved, which must come, and that it lasts longer, which need not.</summary>
internal sealed class SessionRecalls(string id, IEntityHost host, LeaseOptions leases, Record<SessionState> record)
{
    private readonly Recalls _recalls = new(host, leases, (reader, version, over) => record.EditAsync(
        (state, _) => over ? state.ReaderOver(reader, host.Time.GetUtcNow()) : state with { Readers = state.Readers.Acknowledged(reader, version) }));

    /// <summary>Tells whoever is still to be told, and answers when nobody is. A repeat joins, and gets the same report.</summary>
    public Task<RecallReport> TellAsync(SessionState known)
    {
        var readers = record.Current?.State?.Readers ?? known.Readers;
        return known.IsOpen
            ? _recalls.TellAsync(readers, Subject.Session(id), known.Readers.ToTell.Max(pair => pair.Version), Refusals.WorkerMoved)
            : _recalls.TellAsync(
                readers, Subject.Session(id), known.EndedAs,
                known.Status == SessionStatus.Failed ? Refusals.Failed(known.LastError) : Refusals.Ended);
    }

    /// <summary>Goes on with what another activation, or a crash, has left to tell.</summary>
    public void GoOn(SessionState state)
    {
        if (!state.Readers.ToTell.IsEmpty)
        {
            _ = TellAsync(state);
        }
    }

    /// <summary>Tells a reader that the end is later. It is not waited for: a gateway that does not hear of it asks when the old end is reached.</summary>
    public void SayRenewed(string reader) => _ = SayRenewedAsync(reader);

    [SuppressMessage("Design", "CA1031", Justification = "Nothing rests on its being heard.")]
    private async Task SayRenewedAsync(string reader)
    {
        try
        {
            await host.RecallAsync(reader, new Recall(RecallKind.Renewed, Subject.Session(id), 0), CancellationToken.None);
        }
        catch (Exception)
        {
            // See above.
        }
    }
}
