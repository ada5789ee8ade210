using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using ControlPlane.Entities;

namespace ControlPlane.Leases;

/// <summary>
/// Tells the readers of one subject that it was taken away, all at once, each until it has acknowledged or its lease is over (protocol 8).
/// One for each subject of an owner, for as long as its activation lives.
/// </summary>
/// <param name="saveAcknowledged">Removes what a reader acknowledged from the record; harmless when repeated.</param>
public sealed class Recalls(IEntityHost host, LeaseOptions options, Func<string, long, bool, Task> saveAcknowledged)
{
    private static readonly Task<RecallReport> ToldNobody = Task.FromResult(RecallReport.Nobody);

    private readonly Lock _gate = new();

    // Under the gate. Every session there is has one of these, and a concurrent one would be a tenth of what a session costs in memory.
    private readonly Dictionary<Untold, Task<bool>> _telling = [];

    // The last change that was told of, and what came of it: whoever asks for the same change joins, whatever was acknowledged meanwhile.
    private (long UpTo, Task<RecallReport> Report) _told = (0, ToldNobody);

    /// <summary>
    /// Tells everybody who is to be told up to a version, and answers when the last acknowledgement is in. Whoever is being told already is
    /// not told twice: a repeated call joins the wait and gets the same report.
    /// </summary>
    public Task<RecallReport> TellAsync(Readers readers, Subject subject, long upTo, Errors.Refusal? because)
    {
        lock (_gate)
        {
            var pairs = readers.ToTell.FindAll(pair => pair.Version <= upTo);
            var telling = pairs.Union(_telling.Keys.Where(pair => pair.Version <= upTo)).ToList()
                .Select(pair => TellOnce(pair, subject, because)).ToList();
            if (_told.UpTo == upTo)
            {
                // A pair that is still there was acknowledged, but could not be removed: it is told again, and nobody waits for that.
                return _told.Report;
            }

            if (telling.Count == 0)
            {
                return ToldNobody;
            }

            _told = (upTo, ReportAsync(telling));
            return _told.Report;
        }
    }

    private Task<bool> TellOnce(Untold pair, Subject subject, Errors.Refusal? because)
    {
        ref var told = ref CollectionsMarshal.GetValueRefOrAddDefault(_telling, pair, out _);
        return told ??= TellAsync(pair, subject, because);
    }

    private async Task<RecallReport> ReportAsync(List<Task<bool>> telling)
    {
        var started = host.Time.GetTimestamp();
        var waited = await Task.WhenAll(telling);
        return new RecallReport(waited.Length, waited.Count(late => late), (long)host.Time.GetElapsedTime(started).TotalMilliseconds);
    }

    private async Task<bool> TellAsync(Untold pair, Subject subject, Errors.Refusal? because)
    {
        // Out of the gate first.
        await Task.Yield();
        var recall = new Recall(RecallKind.Drop, subject, pair.Version, because);
        var (answer, late) = await PersistentRecall.AskAsync(host, options, pair.Reader, recall);
        _ = SaveAsync(pair, over: answer is null);
        return late;
    }

    /// <summary>The caller's answer does not wait for this: a pair that stays in the record is told again, which is harmless.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "A pair that could not be removed stays and is told again.")]
    private async Task SaveAsync(Untold pair, bool over)
    {
        try
        {
            await saveAcknowledged(pair.Reader, pair.Version, over);
        }
        catch (Exception)
        {
            // The next activation finds the pair and tells it again.
        }
        finally
        {
            lock (_gate)
            {
                _telling.Remove(pair);
            }
        }
    }
}
