using ControlPlane.Errors;
using ControlPlane.Hosting;
using ControlPlane.Users;

namespace ControlPlane.Records;

public sealed class RecordTests
{
    private static readonly EntityKey Key = new("user", "u1");
    private readonly MemoryStorage _storage = new();

    [Fact]
    public Task Many_decisions_are_few_writes_and_all_of_them_count() => Task.Run(async () =>
    {
        var record = NewRecord();
        await AddAsync(record, "first");
        var hold = Hold(StorageAction.Write);
        var answers = Enumerable.Range(0, 500).Select(i => AddAsync(record, $"ws-{i}")).ToList();
        hold.SetResult();
        await Task.WhenAll(answers);

        Assert.InRange(_storage.Count(StorageAction.Write, Key), 2, 5);
        Assert.Equal(501, (await NewRecord().ReadAsync()).State!.Workspaces.Count);
        Assert.Equal(answers.Count, answers.Select(answer => answer.Result).Distinct().Count());
    });

    [Fact]
    public Task Two_activations_lose_races_and_lose_nothing_else() => Task.Run(async () =>
    {
        var records = new[] { NewRecord(), NewRecord() };
        await Task.WhenAll(Enumerable.Range(0, 400).Select(i => AddAsync(records[i % 2], $"ws-{i}")));

        Assert.Equal(400, (await NewRecord().ReadAsync()).State!.Workspaces.Distinct().Count());
    });

    [Fact]
    public Task What_was_frozen_in_the_middle_of_a_save_undoes_nothing_that_came_after_it() => Task.Run(async () =>
    {
        var time = new VirtualTime();
        var frozen = new Record<UserState>(_storage.Store<UserState>(Key)) { Time = time };
        await AddAsync(frozen, "a");
        var hold = Hold(StorageAction.Write);
        var (old, young) = (AddAsync(frozen, "old"), Task.FromResult(0));
        await Quiet.WaitAsync();
        _storage.Before = null;
        await AddAsync(NewRecord(), "elsewhere");
        time.Advance(TimeSpan.FromSeconds(3));
        young = AddAsync(frozen, "young");
        hold.SetResult();

        await UnavailableAsync(old);
        await young;
        Assert.Equal(["a", "elsewhere", "young"], (await NewRecord().ReadAsync()).State!.Workspaces);
    });

    [Fact]
    public Task What_has_not_been_saved_is_not_answered() => Task.Run(async () =>
    {
        var record = NewRecord();
        var hold = Hold(StorageAction.Write);
        var answer = AddAsync(record, "a");
        await Quiet.WaitAsync();
        Assert.False(answer.IsCompleted);

        hold.SetResult();
        Assert.Equal(1, await answer);
    });

    [Fact]
    public Task An_unknown_outcome_is_told_and_forgotten_and_what_is_stored_counts() => Task.Run(async () =>
    {
        var record = NewRecord();
        await AddAsync(record, "a");
        _storage.After = step => step.Action == StorageAction.Write ? throw new IOException("Nobody knows.") : Task.CompletedTask;
        await UnavailableAsync(AddAsync(record, "b"));
        Assert.Null(record.Current);
        _storage.After = null;

        Assert.Equal(["a", "b"], (await record.ReadAsync()).State!.Workspaces);
        Assert.Equal(3, await AddAsync(record, "c"));
    });

    [Fact]
    public Task A_store_that_cannot_be_read_is_unavailable_and_never_empty() => Task.Run(async () =>
    {
        _storage.IsDown = true;
        var record = NewRecord();
        await UnavailableAsync(record.ReadAsync());
        await UnavailableAsync(record.ReadFreshAsync());
        await UnavailableAsync(AddAsync(record, "a"));

        _storage.IsDown = false;
        Assert.Equal(1, await AddAsync(record, "a"));
    });

    [Fact]
    public Task A_store_that_gives_up_by_itself_is_unavailable_too() => Task.Run(async () =>
    {
        _storage.Before = _ => throw new TaskCanceledException("The driver's own time was over.");

        await UnavailableAsync(NewRecord().ReadAsync());
    });

    [Fact]
    public Task Nothing_to_change_is_said_only_after_a_fresh_read() => Task.Run(async () =>
    {
        var (old, current) = (NewRecord(), NewRecord());
        await AddAsync(old, "a");
        await AddAsync(current, "b");

        var knows = await old.ChangeAsync((state, _) => Decision<UserState, bool>.Keep(state!.Workspaces.Contains("b")));

        Assert.True(knows);
    });

    [Fact]
    public Task A_refusal_is_thrown_only_after_a_fresh_read() => Task.Run(async () =>
    {
        var (old, current) = (NewRecord(), NewRecord());
        await AddAsync(old, "a");
        await AddAsync(current, "b");

        Assert.Equal(7, await old.ChangeAsync((state, _) => state!.Workspaces.Contains("b")
            ? Decision<UserState, int>.Keep(7)
            : throw new ControlPlaneException(ErrorCode.NotFound, "There is no b.")));
        await Assert.ThrowsAsync<ControlPlaneException>(() => old.ChangeAsync<int>((_, _) => throw new ControlPlaneException(ErrorCode.NotFound, "")));
    });

    [Fact]
    public Task What_can_never_be_undone_is_said_from_memory() => Task.Run(async () =>
    {
        var record = NewRecord();
        await AddAsync(record, "a");
        _storage.IsDown = true;

        Assert.True(await record.ChangeAsync((_, _) => Decision<UserState, bool>.KeepForEver(true)));
        await UnavailableAsync(record.ChangeAsync((_, _) => Decision<UserState, bool>.Keep(true)));
    });

    [Fact]
    public Task One_that_fails_to_decide_changes_nothing_for_the_others() => Task.Run(async () =>
    {
        var record = NewRecord();
        var (before, broken, after) = (
            AddAsync(record, "a"), record.ChangeAsync<int>((_, _) => throw new InvalidOperationException()), AddAsync(record, "b"));

        await Assert.ThrowsAsync<InvalidOperationException>(() => broken);
        Assert.Equal((1, 2), (await before, await after));
    });

    [Fact]
    public Task Removed_is_no_record_and_can_be_made_again() => Task.Run(async () =>
    {
        var record = NewRecord();
        await AddAsync(record, "a");
        await record.ChangeAsync((_, _) => Decision<UserState, bool>.Remove(true));

        Assert.Null(_storage.Peek(Key));
        Assert.Equal(Stored<UserState>.None, await record.ReadFreshAsync());
        Assert.Equal(1, await AddAsync(record, "b"));
    });

    [Fact]
    public Task A_read_that_was_overtaken_does_not_bring_back_the_past() => Task.Run(async () =>
    {
        var (record, other) = (NewRecord(), NewRecord());
        await AddAsync(record, "a");
        var late = new TaskCompletionSource();
        _storage.After = step => step.Action == StorageAction.Read ? late.Task : Task.CompletedTask;
        var overtaken = record.ReadFreshAsync();
        await Quiet.WaitAsync();
        _storage.After = null;
        await AddAsync(other, "b");
        await record.ReadFreshAsync();

        late.SetResult();
        Assert.Equal(1, (await overtaken).Version);
        Assert.Equal(2, record.Current?.Version);
    });

    [Fact]
    public Task A_read_that_began_before_a_save_does_not_undo_it() => Task.Run(async () =>
    {
        var record = NewRecord();
        await AddAsync(record, "a");
        var late = new TaskCompletionSource();
        _storage.After = step => step.Action == StorageAction.Read ? late.Task : Task.CompletedTask;
        var overtaken = record.ReadFreshAsync();
        await Quiet.WaitAsync();
        await AddAsync(record, "b");

        late.SetResult();
        await overtaken;
        Assert.Equal(2, record.Current?.Version);
    });

    [Fact]
    public Task What_arrives_from_the_store_is_heard_of_before_it_can_be_seen() => Task.Run(async () =>
    {
        var (record, other) = (NewRecord(), NewRecord());
        var heard = new List<(long Arrived, long? Seen)>();
        record.Arriving += stored => heard.Add((stored.Version, record.Current?.Version));
        await AddAsync(other, "a");
        await record.ReadAsync();
        await AddAsync(other, "b");
        await AddAsync(record, "c");
        await record.ReadFreshAsync();

        Assert.Equal([(1L, null), (2L, null)], heard);
    });

    [Fact]
    public Task What_must_be_in_place_before_a_save_is_and_its_failure_fails_the_save() => Task.Run(async () =>
    {
        var record = NewRecord();
        var writes = new List<int>();
        record.BeforeSave = (_, _) =>
        {
            writes.Add(_storage.Count(StorageAction.Write, Key));
            return writes.Count == 2 ? throw new IOException() : Task.CompletedTask;
        };
        await AddAsync(record, "a");
        await UnavailableAsync(AddAsync(record, "b"));
        await AddAsync(record, "c");

        Assert.Equal([0, 1, 1], writes);
        Assert.Equal(["a", "c"], (await NewRecord().ReadAsync()).State!.Workspaces);
    });

    [Fact]
    public Task A_store_that_stands_still_makes_no_queue_without_end() => Task.Run(async () =>
    {
        var record = NewRecord();
        var hold = Hold(StorageAction.Write);
        var first = AddAsync(record, "first");
        await Quiet.WaitAsync();
        var queued = Enumerable.Range(0, 4096).Select(i => AddAsync(record, $"{i}")).ToList();

        await Assert.ThrowsAsync<ControlPlaneException>(() => AddAsync(record, "one too many"));
        hold.SetResult();
        await Task.WhenAll(queued.Append(first));
    });

    [Fact]
    public Task A_caller_that_gives_up_takes_nobody_with_it() => Task.Run(async () =>
    {
        var record = NewRecord();
        using var gone = new CancellationTokenSource();
        var hold = Hold(StorageAction.Write);
        var (left, stays) = (AddAsync(record, "a", gone.Token), AddAsync(record, "b"));
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);

        hold.SetResult();
        await stays;
        Assert.True((await record.ReadFreshAsync()).Version > 0);
    });

    private Record<UserState> NewRecord() => new(_storage.Store<UserState>(Key));

    private static Task<int> AddAsync(Record<UserState> record, string workspace, CancellationToken cancellationToken = default) => record.ChangeAsync(
        (state, _) =>
        {
            var next = (state ?? new UserState(null, [])) is var known ? known with { Workspaces = known.Workspaces.Add(workspace) } : known;
            return Decision<UserState, int>.Save(next, next.Workspaces.Count);
        },
        cancellationToken);

    private TaskCompletionSource Hold(StorageAction action)
    {
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _storage.Before = step => step.Action == action ? hold.Task : Task.CompletedTask;
        return hold;
    }

    private static async Task UnavailableAsync(Task task) =>
        Assert.Equal(ErrorCode.ControlPlaneUnavailable, (await Assert.ThrowsAsync<ControlPlaneException>(() => task)).Code);
}
