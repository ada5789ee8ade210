using ControlPlane.Hosting;
using ControlPlane.Records;
using ControlPlane.Running;
using ControlPlane.Workspaces;

namespace ControlPlane.Storage;

/// <summary>What <see cref="IStorage"/> promises, over a file.</summary>
public sealed class SqliteStorageTests : IDisposable
{
    private static readonly EntityKey One = new("workspace", "one");
    private static readonly EntityKey Other = new("workspace", "other");
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly DataFolder _data = new();
    private SqliteStorage _storage;

    public SqliteStorageTests() => _storage = SqliteStorage.Open(_data.Database);

    [Fact]
    public async Task A_record_is_written_over_the_version_before_it_and_no_other()
    {
        var store = _storage.Store<WorkspaceState>(One);
        Assert.Null(await ReadAsync(store));
        Assert.False(await WriteAsync(store, 2, "too early"));

        Assert.True(await WriteAsync(store, 1, "first"));
        Assert.False(await WriteAsync(store, 1, "late"));
        Assert.False(await WriteAsync(store, 3, "ahead"));
        Assert.Equal((1, "first"), await ReadAsync(store));

        Assert.True(await WriteAsync(store, 2, "second"));
        Assert.Equal((2, "second"), await ReadAsync(store));
        Assert.Null(await ReadAsync(_storage.Store<WorkspaceState>(Other)));
        Assert.Null(await ReadAsync(_storage.Store<WorkspaceState>(new EntityKey("other", "one"))));
    }

    [Fact]
    public async Task A_record_is_removed_at_its_version_and_begins_anew()
    {
        var store = _storage.Store<WorkspaceState>(One);
        await WriteAsync(store, 1, "first");

        Assert.False(await store.TryWriteAsync(new Stored<WorkspaceState>(3, null), CancellationToken.None));
        Assert.True(await store.TryWriteAsync(new Stored<WorkspaceState>(2, null), CancellationToken.None));
        Assert.Null(await ReadAsync(store));
        Assert.False(await store.TryWriteAsync(new Stored<WorkspaceState>(2, null), CancellationToken.None));
        Assert.True(await WriteAsync(store, 1, "anew"));
    }

    [Fact]
    public async Task Of_many_who_write_at_once_one_wins_each_version()
    {
        const int Writers = 16;
        const int Wins = 25;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            var store = _storage.Store<WorkspaceState>(One);
            for (var won = 0; won < Wins;)
            {
                var version = (await store.ReadAsync(CancellationToken.None))?.Version ?? 0;
                won += await WriteAsync(store, version + 1, $"{writer}") ? 1 : 0;
            }
        })));

        Assert.Equal(Writers * Wins, (await _storage.Store<WorkspaceState>(One).ReadAsync(CancellationToken.None))!.Version);
    }

    [Fact]
    public async Task A_log_takes_entries_at_its_end_all_or_none()
    {
        Assert.Empty(await EntriesAsync("a", 1));
        Assert.False(await AppendAsync("a", 2, "ahead"));
        Assert.True(await AppendAsync("a", 1, "1", "2", "3"));
        Assert.False(await AppendAsync("a", 1, "late"));
        Assert.False(await AppendAsync("a", 3, "3 again", "4"));
        Assert.True(await AppendAsync("a", 4, "4"));
        Assert.True(await AppendAsync("b", 1, "another log"));

        Assert.Equal(["1:1", "2:2", "3:3", "4:4"], await EntriesAsync("a", 1));
        Assert.Equal(["2:2", "3:3"], await EntriesAsync("a", 2, most: 2));
        Assert.Empty(await EntriesAsync("a", 5));
    }

    [Fact]
    public async Task A_log_that_was_trimmed_goes_on_where_it_was()
    {
        await AppendAsync("a", 1, "1", "2", "3");
        await AppendAsync("b", 1, "another log");

        await _storage.Log.TrimAsync("a", 3, CancellationToken.None);
        Assert.Equal(["3:3"], await EntriesAsync("a", 1));
        await _storage.Log.TrimAsync("a", 100, CancellationToken.None);
        Assert.Empty(await EntriesAsync("a", 1));

        Reopen();
        Assert.False(await AppendAsync("a", 1, "anew"));
        Assert.True(await AppendAsync("a", 4, "4"));
        Assert.Equal(["4:4"], await EntriesAsync("a", 1));
        Assert.Equal(["1:another log"], await EntriesAsync("b", 1));
    }

    [Fact]
    public async Task Of_many_who_append_at_once_one_wins_each_position()
    {
        var won = await Task.WhenAll(Enumerable.Range(0, 32).Select(writer => AppendAsync("a", 1, $"{writer}", $"{writer}")));

        Assert.Single(won, true);
        Assert.Equal(2, (await EntriesAsync("a", 1)).Count);
    }

    [Fact]
    public async Task An_entity_has_one_alarm_that_can_be_moved_and_cleared()
    {
        await _storage.SetAlarmAsync(One, Noon);
        await _storage.SetAlarmAsync(Other, Noon.AddTicks(1));
        await _storage.SetAlarmAsync(new EntityKey("session", "one"), Noon);
        await _storage.SetAlarmAsync(One, Noon.AddHours(1));
        await _storage.SetAlarmAsync(new EntityKey("session", "one"), null);
        await _storage.SetAlarmAsync(new EntityKey("session", "never set"), null);
        Reopen();

        var alarms = await _storage.AlarmsAsync(CancellationToken.None);

        Assert.Equal([new(One, Noon.AddHours(1)), new(Other, Noon.AddTicks(1))],
            alarms.OrderBy(alarm => alarm.Entity.Key, StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_was_acknowledged_is_in_the_files_at_that_moment()
    {
        var next = 0;
        var acknowledged = 0;
        var writing = Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var number && number <= 400)
            {
                Assert.True(await WriteAsync(_storage.Store<WorkspaceState>(new EntityKey("workspace", $"{number}")), 1, $"{number}"));
                Assert.True(await AppendAsync($"log {number}", 1, $"{number}"));
                Interlocked.Increment(ref acknowledged);
            }
        })));
        await writing;

        // The files as they are, without a word to the storage that has them open: what a kill leaves.
        using var image = DataFolder.CopyOf(_data.Path);
        using var opened = SqliteStorage.Open(image.Database);
        for (var number = 1; number <= acknowledged; number++)
        {
            Assert.Equal((1, $"{number}"), await ReadAsync(opened.Store<WorkspaceState>(new EntityKey("workspace", $"{number}"))));
            Assert.Equal($"{number}", Assert.Single(await opened.Log.ReadAsync($"log {number}", 1, 10, CancellationToken.None)).Text);
        }
    }

    [Fact]
    public async Task What_was_queued_is_durable_when_it_is_closed()
    {
        var store = _storage.Store<WorkspaceState>(One);
        var writes = Enumerable.Range(0, 1000).Select(number =>
            _storage.SetAlarmAsync(new EntityKey("session", $"{number}"), Noon)).ToList();
        Reopen();

        await Task.WhenAll(writes);
        Assert.Equal(writes.Count, (await _storage.AlarmsAsync(CancellationToken.None)).Count);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => WriteAsync(store, 1, "after it was closed"));
    }

    [Fact]
    public void Keys_are_found_by_what_their_record_says() => Assert.Empty(_storage.Keys("gateway", "state NOT LIKE '%\"over\":true%'"));

    [Fact]
    public async Task A_database_that_was_cut_while_it_was_made_is_made_anew()
    {
        using var data = new DataFolder();
        await File.WriteAllTextAsync(data.Database + ".new", "half of it");
        await File.WriteAllTextAsync(data.Database + ".new-wal", "half of it");

        using var storage = SqliteStorage.Open(data.Database);

        Assert.True(await WriteAsync(storage.Store<WorkspaceState>(One), 1, "first"));
        Assert.Empty(Directory.GetFiles(data.Path, "*.new*"));
    }

    public void Dispose()
    {
        _storage.Dispose();
        _data.Dispose();
    }

    private static async Task<(long Version, string Name)?> ReadAsync(IStore<WorkspaceState> store) =>
        await store.ReadAsync(CancellationToken.None) is { State: { } state } stored ? (stored.Version, state.Name) : null;

    private static Task<bool> WriteAsync(IStore<WorkspaceState> store, long version, string name) =>
        store.TryWriteAsync(new Stored<WorkspaceState>(version, WorkspaceState.From(new NewWorkspace(name, "owner", Noon))),
            CancellationToken.None);

    private Task<bool> AppendAsync(string log, long position, params string[] entries) =>
        _storage.Log.TryAppendAsync(log, position, entries, CancellationToken.None);

    private async Task<IReadOnlyList<string>> EntriesAsync(string log, long position, int most = 100) =>
        [.. (await _storage.Log.ReadAsync(log, position, most, CancellationToken.None)).Select(entry => $"{entry.Position}:{entry.Text}")];

    private void Reopen()
    {
        _storage.Dispose();
        _storage = SqliteStorage.Open(_data.Database);
    }
}
