using System.Collections.Concurrent;
using ControlPlane.Faults;
using ControlPlane.Journals;

namespace ControlPlane.Workers;

/// <summary>The placements of a worker and the clones that run in them.</summary>
internal sealed class Placements(DataDirectory directory, IReadOnlyDictionary<string, IClone> clones, int capacity, Disk disk, TimeProvider time)
    : IAsyncDisposable
{
    private readonly Ledger<PlacementTable, PlacementChange> _table =
        new(directory.PlacementsPath, new PlacementRules(), PlacementTable.Empty, disk);

    // Opened by the first request: a session that is not used costs its placement and no more.
    private readonly ConcurrentDictionary<(string Session, string CloneName, long Since), FaultyClone> _open = new();

    public IReadOnlyDictionary<string, IClone> Clones => clones;

    /// <summary>How many are held.</summary>
    public int Count => _table.Known?.Placements.Count ?? 0;

    /// <summary>Reads what the directory holds and deletes what no placement names: a crash came between an end and its cleaning up.</summary>
    public async Task LoadAsync()
    {
        var table = await _table.ReadAsync();
        directory.DeleteAllBut(table.Placements.Values.SelectMany(FilesOf));
    }

    public ValueTask<PlacementTable> ReadAsync() => _table.ReadAsync();

    /// <summary>What is held, in the order of names.</summary>
    public async Task<IReadOnlyList<PlacementInfo>> HeldAsync() =>
    [
        .. (await ReadAsync()).Placements.Values.OrderBy(placement => placement.Session, StringComparer.Ordinal)
            .Select(placement => new PlacementInfo(placement.Session, placement.Epoch)),
    ];

    public async Task<StartOutcome> StartAsync(string session, PlacementStart start)
    {
        var (outcome, before) = await _table.ChangeAsync(table =>
        {
            var decision = PlacementDecisions.Start(table, session, start, capacity);
            return new Decision<PlacementChange, (StartOutcome, PlacementRecord?)>(
                (decision.Answer, table.Placements.GetValueOrDefault(session)), decision.Change);
        });
        if (outcome == StartOutcome.Started && before is not null)
        {
            var after = (await _table.ReadAsync()).Placements.GetValueOrDefault(session);
            await CleanUpAsync(session, before.Clones.Where(clone => after?.Clones.GetValueOrDefault(clone.Key) != clone.Value));
        }

        return outcome;
    }

    public async Task EndAsync(string session, long? upTo)
    {
        if (await _table.ChangeAsync(table => PlacementDecisions.End(table, session, upTo)) is { } ended)
        {
            await CleanUpAsync(session, ended.Clones);
        }
    }

    /// <summary>The clone that this ticket opens; null for any ticket that opens none.</summary>
    public async ValueTask<FaultyClone?> OpenAsync(Ticket ticket)
    {
        var placement = (await _table.ReadAsync()).Placements.GetValueOrDefault(ticket.Session);
        return ticket.Opens(placement) ? await OpenAsync(ticket.Session, ticket.CloneName, placement!) : null; // Opens has seen it.
    }

    /// <summary>The clone of a placement for the control port; null when no placement of this epoch has it.</summary>
    public async ValueTask<FaultyClone?> OpenAsync(string session, string cloneName, long epoch)
    {
        var placement = (await _table.ReadAsync()).Placements.GetValueOrDefault(session);
        return placement?.Epoch == epoch && placement.Clones.ContainsKey(cloneName) ? await OpenAsync(session, cloneName, placement) : null;
    }

    private async ValueTask<FaultyClone?> OpenAsync(string session, string cloneName, PlacementRecord placement)
    {
        var placed = placement.Clones[cloneName];
        var key = (session, cloneName, placed.Since);
        if (_open.TryGetValue(key, out var open))
        {
            return open;
        }

        open = _open.GetOrAdd(key, _ => new FaultyClone(clones[cloneName].Open(placed.Seed, FileOf(key), disk), FaultsOf(key), time));

        // Looked at again after adding: an end that came between would otherwise have found nothing to close.
        var now = (await _table.ReadAsync()).Placements.GetValueOrDefault(session);
        if (now?.Clones.GetValueOrDefault(cloneName) == placed)
        {
            return open;
        }

        await CleanUpAsync(session, [new(cloneName, placed)]);
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var clone in _open.Values)
        {
            await clone.DisposeAsync();
        }

        await _table.DisposeAsync();
    }

    private async Task CleanUpAsync(string session, IEnumerable<KeyValuePair<string, PlacedClone>> ended)
    {
        foreach (var (name, placed) in ended)
        {
            var key = (session, name, placed.Since);
            if (_open.TryRemove(key, out var open))
            {
                await open.DisposeAsync();
            }

            File.Delete(FileOf(key));
            File.Delete(FaultsOf(key));
        }
    }

    private IEnumerable<string> FilesOf(PlacementRecord placement) =>
        placement.Clones.Select(clone => (placement.Session, clone.Key, clone.Value.Since)).SelectMany(key => (string[])[FileOf(key), FaultsOf(key)]);

    private string FileOf((string Session, string CloneName, long Since) key) => directory.CloneFile(key.Session, key.CloneName, key.Since);

    private string FaultsOf((string Session, string CloneName, long Since) key) => FileOf(key) + ".faults";
}
