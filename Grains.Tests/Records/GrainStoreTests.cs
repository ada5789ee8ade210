using ControlPlane.Hosting;
using ControlPlane.Users;

namespace ControlPlane.Records;

public sealed class GrainStoreTests
{
    private readonly TestStore _storage = new();

    [Fact]
    public async Task A_write_that_another_writer_was_before_is_told_so_and_writes_nothing()
    {
        var (one, other) = (Store(), Store());
        Assert.True(await one.TryWriteAsync(User(1, "a"), default));
        Assert.True(await other.TryWriteAsync(User(2, "b"), default));

        Assert.False(await one.TryWriteAsync(User(2, "c"), default));
        Assert.Equal("b", (await one.ReadAsync(default))?.State?.Email);
        Assert.True(await one.TryWriteAsync(User(3, "d"), default));
    }

    [Fact]
    public async Task After_a_failure_it_looks_before_it_writes()
    {
        var store = Store();
        _storage.After = (action, _) => action == StoreAction.Write ? throw new IOException() : Task.CompletedTask;
        await Assert.ThrowsAsync<IOException>(() => store.TryWriteAsync(User(1, "a"), default));
        _storage.After = null;

        Assert.False(await store.TryWriteAsync(User(1, "again"), default));
        Assert.Equal(("a", 1), ((await store.ReadAsync(default))?.State?.Email, (await store.ReadAsync(default))!.Version));
    }

    [Fact]
    public async Task A_record_that_was_removed_is_no_record()
    {
        var store = Store();
        Assert.Null(await store.ReadAsync(default));
        await store.TryWriteAsync(User(1, "a"), default);
        Assert.True(store.HasRecord);

        Assert.True(await store.TryWriteAsync(new Stored<UserState>(2, null), default));

        Assert.False(store.HasRecord);
        Assert.Null(await store.ReadAsync(default));
        Assert.True(await store.TryWriteAsync(User(1, "b"), default));
    }

    [Fact]
    public async Task What_is_stored_is_json_with_the_version_beside_the_state()
    {
        await Store().TryWriteAsync(User(1, "a@b"), default);

        Assert.Equal("""{"version":1,"state":{"email":"a@b","workspaces":[],"made":0}}""", _storage.Peek("user", "u"));
    }

    private GrainStore<UserState> Store() => new(_storage, GrainId.Create("user", "u"));

    private static Stored<UserState> User(long version, string email) => new(version, new UserState(email, []));
}
