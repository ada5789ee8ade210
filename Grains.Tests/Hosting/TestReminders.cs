using System.Collections.Concurrent;

namespace ControlPlane.Hosting;

/// <summary>A reminder table of the test process, shared by all silos of a cluster and outliving them. It can fail.</summary>
internal sealed class TestReminders : IReminderTable
{
    private readonly ConcurrentDictionary<(GrainId Grain, string Name), ReminderEntry> _rows = new();

    /// <summary>Called before a reminder is stored; it may throw.</summary>
    public Action? BeforeUpsert { get; set; }

    /// <summary>The grains that have a reminder.</summary>
    public IReadOnlyList<GrainId> Grains => [.. _rows.Keys.Select(row => row.Grain)];

    public Task<ReminderTableData> ReadRows(GrainId grainId) => Task.FromResult(new ReminderTableData(_rows.Where(row => row.Key.Grain == grainId).Select(row => row.Value)));

    /// <summary>Those in a part of the ring, which may go around its end.</summary>
    public Task<ReminderTableData> ReadRows(uint begin, uint end) => Task.FromResult(new ReminderTableData(
        from row in _rows
        let place = row.Key.Grain.GetUniformHashCode()
        where begin < end ? place > begin && place <= end : place > begin || place <= end
        select row.Value));

    public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) => Task.FromResult(_rows.GetValueOrDefault((grainId, reminderName)));

    public Task<string?> UpsertRow(ReminderEntry entry)
    {
        BeforeUpsert?.Invoke();
        entry.ETag = Guid.NewGuid().ToString("N");
        _rows[(entry.GrainId, entry.ReminderName)] = entry;
        return Task.FromResult<string?>(entry.ETag);
    }

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) => Task.FromResult(
        _rows.TryGetValue((grainId, reminderName), out var row) && row.ETag == eTag && _rows.TryRemove(new((grainId, reminderName), row)));

    public Task TestOnlyClearTable()
    {
        _rows.Clear();
        return Task.CompletedTask;
    }
}
