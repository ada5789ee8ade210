using ControlPlane.Entities;
using ControlPlane.Records;

namespace ControlPlane.Operations;

/// <summary>The entity behind <see cref="IRoster"/>: a log of who came (<c>+id</c>) and who left (<c>-id</c>), folded in memory.</summary>
public sealed class Roster : IRoster, IEntity
{
    /// <summary>The log is written anew when this many of its entries, and more than half, say nothing any more.</summary>
    private const int CompactAfter = 1000;

    private readonly IEntityHost _host;
    private readonly FollowedLog _log;
    private readonly SortedSet<string> _there = new(StringComparer.Ordinal);

    public Roster(string name, IEntityHost host)
    {
        _host = host;
        _log = new FollowedLog(host.Log, $"roster/{name}", $"The list of {name}", entry => Take(entry.Text), _there.Clear);
    }

    public bool IsForgettable => _there.Count == 0 && _log.IsQuiet;

    public Task WakeAsync(CancellationToken cancellationToken = default) => _host.WakeAtAsync(null);

    public Task EnterAsync(string id, CancellationToken cancellationToken = default) => SayAsync("+" + id, () => !_there.Contains(id), cancellationToken);

    public Task LeaveAsync(string id, CancellationToken cancellationToken = default) => SayAsync("-" + id, () => _there.Contains(id), cancellationToken);

    public Task<IReadOnlyList<string>> AllAsync(CancellationToken cancellationToken = default) =>
        _log.InTurnAsync(() => Task.FromResult<IReadOnlyList<string>>([.. _there]), cancellationToken);

    private Task SayAsync(string entry, Func<bool> isNews, CancellationToken cancellationToken) => _log.InTurnAsync(async () =>
    {
        await _log.AppendAsync(() => isNews() ? [entry] : [], cancellationToken);
        await _log.CompactAsync(CompactAfter, _there.Count, () => [.. _there.Select(id => "+" + id)], cancellationToken);
        return true;
    }, cancellationToken);

    private void Take(string entry)
    {
        if (entry[0] == '+')
        {
            _there.Add(entry[1..]);
        }
        else
        {
            _there.Remove(entry[1..]);
        }
    }
}
