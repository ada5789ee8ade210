using System.Collections.Concurrent;
using ControlPlane.Credentials;
using ControlPlane.Usage;

namespace ControlPlane.Gateways;

/// <summary>
/// What a gateway process has counted and the workspaces do not know yet. A report is made again, the same, until it was answered, so it
/// counts once; what is in no report yet dies with the process.
/// </summary>
internal sealed class UseTable
{
    /// <summary>Counters in which nothing was counted for so many rounds are let go.</summary>
    private const int IdleRounds = 30;

    private readonly ConcurrentDictionary<(string Workspace, string Credential), UseCounters> _counters = new();
    private readonly ConcurrentDictionary<string, UsageReport> _unanswered = new();
    private readonly List<UseCounters> _left = [];
    private long _lastNumber;

    /// <summary>The counters of a credential in a workspace.</summary>
    /// <param name="known">The ones that were used last; returned when they are the right ones still.</param>
    public UseCounters Of(string workspaceId, CredentialFact credential, UseCounters? known)
    {
        if (known is { IsLeft: false } && known.WorkspaceId == workspaceId && known.CredentialId == credential.Id)
        {
            return known;
        }

        var key = (workspaceId, credential.Id);
        return _counters.TryGetValue(key, out var found) && !found.IsLeft
            ? found
            : _counters.GetOrAdd(key, static (key, by) => new UseCounters(key.Workspace, key.Credential, by), By(credential));
    }

    /// <summary>One report for each workspace with something to tell; until it was answered there is no other for that workspace.</summary>
    /// <param name="source">The incarnation that reports now; null: it has none, and makes no new reports.</param>
    public IEnumerable<KeyValuePair<string, UsageReport>> Due(string? source)
    {
        if (source is not null)
        {
            foreach (var workspace in _counters.Values.Concat(_left).Where(counters => !_unanswered.ContainsKey(counters.WorkspaceId))
                .GroupBy(counters => counters.WorkspaceId).ToList())
            {
                List<UsageRow> rows = [.. workspace.Select(Take).OfType<UsageRow>()];
                if (rows.Count > 0)
                {
                    _unanswered[workspace.Key] = new UsageReport(source, ++_lastNumber, [.. rows.GroupBy(row => row.By).Select(Sum)]);
                }
            }

            LetGo();
        }

        return _unanswered;
    }

    public void Answered(string workspaceId, UsageReport report) => _unanswered.TryRemove(new KeyValuePair<string, UsageReport>(workspaceId, report));

    private static UsageRow? Take(UseCounters counters)
    {
        var row = counters.Take();
        counters.Idle = row is null ? counters.Idle + 1 : 0;
        return row;
    }

    private static UsageRow Sum(IEnumerable<UsageRow> rows) => rows.Aggregate((sum, row) => sum.Plus(row));

    /// <summary>Whoever is counting in them at this moment is heard in the next round; whoever comes later finds others.</summary>
    private void LetGo()
    {
        _left.RemoveAll(counters => counters.Idle > IdleRounds + 2);
        foreach (var (key, counters) in _counters)
        {
            if (counters.Idle > IdleRounds)
            {
                counters.IsLeft = true;
                _counters.TryRemove(key, out _);
                _left.Add(counters);
            }
        }
    }

    private static string By(CredentialFact credential) => credential.UserId is { } user ? $"user:{user}" : $"key:{credential.Id}";
}
