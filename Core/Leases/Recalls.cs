using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using ControlPlane.Entities;

namespace ControlPlane.Leases;

/// <summary>
/// Tells the readers of one subject that it was taken away, all at once, each until it has acknowledged or its lease is over (protocol 8).
/// One for each subject of an owner, for as long as its activation lives.
/// </summary>
/// <param name="saveAcknowledged">Removes what a reader acknowledged from the record; harmless when repeated.</param>
public sealed class Recalls(IEntityHost host, LeaseOptions options, Func<string, long, bool, Task> saveAcknowledged)
{
    private readonly ConcurrentDictionary<Untold, Task<bool>> _telling = new();
    private RecallReport _last = RecallReport.Nobody;
    private long _lastVersion;

    /// <summary>
    /// Tells everybody who is to be told up to a version, and answers when the last acknowledgement is in. Whoever is being told already is
    /// not told twice: a repeated call joins the wait and gets the same report.
    /// </summary>
    public async Task<RecallReport> TellAsync(Readers readers, Subject subject, long upTo, Errors.Refusal? because)
    {
        var started = host.Time.GetTimestamp();
        var pairs = readers.ToTell.FindAll(pair => pair.Version <= upTo);
        if (pairs.IsEmpty && _telling.IsEmpty)
        {
            return _lastVersion == upTo ? _last : RecallReport.Nobody;
        }

        // What is acknowledged but not yet saved as such is no longer in the list of pairs of a newer state, but belongs to the same wait.
        var telling = pairs.Union(_telling.Keys.Where(pair => pair.Version <= upTo))
            .Select(pair => _telling.GetOrAdd(pair, TellAsync, (subject, because))).ToList();
        var waited = await Task.WhenAll(telling);
        var report = new RecallReport(waited.Length, waited.Count(late => late), (long)host.Time.GetElapsedTime(started).TotalMilliseconds);
        (_last, _lastVersion) = (report, upTo);
        return report;
    }

    private async Task<bool> TellAsync(Untold pair, (Subject Subject, Errors.Refusal? Because) what)
    {
        await Task.Yield();
        var recall = new Recall(RecallKind.Drop, what.Subject, pair.Version, what.Because);
        var (answer, late) = await Told.AskAsync(host, options, pair.Reader, recall);
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
            _telling.TryRemove(pair, out _);
        }
    }
}
