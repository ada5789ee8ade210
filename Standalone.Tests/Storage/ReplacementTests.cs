using ControlPlane.Credentials;
using ControlPlane.Gateways;
using ControlPlane.Hosting;
using ControlPlane.Records;
using ControlPlane.Running;

namespace ControlPlane.Storage;

/// <summary>What a restore takes over from the database that it replaces: what is revoked there stays so, whatever backups were put back before.</summary>
public sealed class ReplacementTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly DataFolder _data = new();

    public void Dispose() => _data.Dispose();

    /// <summary>A record's version counts its saves, and says nothing of its age once the store has gone back in time.</summary>
    [Fact]
    public async Task A_key_that_was_revoked_on_an_older_backup_stays_revoked_on_a_younger_one_with_more_saves()
    {
        await MakeAsync("key");
        var (older, younger) = (Take("older"), "");
        await UseAsync("key", times: 9);
        younger = Take("younger");

        Assert.Equal(0, Put(older));
        var revokedAs = await RevokeAsync("key");
        Assert.Equal(1, Put(younger));

        var key = await ReadAsync("key");
        Assert.Equal((Noon, revokedAs), (key.State?.RevokedAt, key.State?.RevokedAs));
        Assert.True(key.Version > 10, $"It has the version {key.Version}, and the backup had 10.");
    }

    [Fact]
    public async Task A_key_that_an_older_backup_did_not_know_stays_revoked_on_a_younger_one()
    {
        await MakeAsync("other");
        var older = Take("older");
        await MakeAsync("key");
        var younger = Take("younger");
        await RevokeAsync("key");

        Assert.Equal(1, Put(older));
        Assert.Equal(1, Put(younger));

        Assert.NotNull((await ReadAsync("key")).State?.RevokedAt);
        Assert.Null((await ReadAsync("other")).State?.RevokedAt);
    }

    [Fact]
    public async Task What_the_backup_knows_as_revoked_is_left_as_it_is_there()
    {
        await MakeAsync("key");
        await RevokeAsync("key");
        var backup = Take("backup");
        var before = await ReadAsync("key");
        await UseAsync("key", times: 3);

        Assert.Equal(0, Put(backup));

        var after = await ReadAsync("key");
        Assert.Equal((before.Version, before.State?.LastUsedAt), (after.Version, after.State?.LastUsedAt));
    }

    [Fact]
    public async Task What_two_restores_of_one_second_replaced_is_kept_beside_each_other()
    {
        await MakeAsync("key");
        var backup = Take("backup");
        Put(backup);
        Put(backup);

        Assert.Equal(2, Directory.GetFiles(_data.Path, "*.replaced-*Z").Concat(Directory.GetFiles(_data.Path, "*.replaced-*Z-2")).Count());
    }

    /// <summary>A key of nobody's, which is removed once it has served.</summary>
    [Fact]
    public async Task The_keys_of_a_warm_up_are_not_taken_over()
    {
        var backup = Empty();
        await MakeAsync("key", WarmUp.Workspace);
        await RevokeAsync("key");

        Assert.Equal(0, Put(backup));
    }

    private Task MakeAsync(string id, string workspace = "ws-default") => ChangeAsync(id, (_, _) => CredentialState.From(new NewCredential(
        CredentialKind.WorkspaceKey, workspace, null, "of a test", Scopes.SessionsRead, TokenDigest.Of(id), Noon, "user:one", null)));

    private async Task UseAsync(string id, int times)
    {
        for (var time = 1; time <= times; time++)
        {
            await ChangeAsync(id, (state, _) => state?.UsedAt(Noon.AddMinutes(time)));
        }
    }

    private Task<long> RevokeAsync(string id) => ChangeAsync(id, (state, version) => state?.Revoked(Noon, version));

    private async Task<long> ChangeAsync(string id, Func<CredentialState?, long, CredentialState?> change)
    {
        using var storage = SqliteStorage.Open(_data.Database);
        var store = storage.Store<CredentialState>(new EntityKey(EntityKinds.Credential, id));
        var before = await store.ReadAsync(CancellationToken.None);
        var version = (before?.Version ?? 0) + 1;
        Assert.True(await store.TryWriteAsync(new Stored<CredentialState>(version, change(before?.State, version)), CancellationToken.None));
        return version;
    }

    private async Task<Stored<CredentialState>> ReadAsync(string id)
    {
        using var storage = SqliteStorage.Open(_data.Database);
        var stored = await storage.Store<CredentialState>(new EntityKey(EntityKinds.Credential, id)).ReadAsync(CancellationToken.None);
        Assert.NotNull(stored);
        return stored;
    }

    private string Empty()
    {
        SqliteStorage.Open(_data.Database).Dispose();
        return Take("empty");
    }

    private string Take(string name)
    {
        var file = Path.Combine(_data.Path, name);
        BackupFile.Take(_data.Database, file, Noon);
        return file;
    }

    private int? Put(string backup) => Replacement.Put(backup, _data.Database, Noon, Noon).KeptRevoked;
}
