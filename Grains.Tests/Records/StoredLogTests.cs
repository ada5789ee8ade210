using System.Globalization;
using ControlPlane.Errors;
using ControlPlane.Hosting;

namespace ControlPlane.Records;

public sealed class StoredLogTests
{
    private readonly TestStore _storage = new();

    [Theory, InlineData(1), InlineData(7), InlineData(64), InlineData(65), InlineData(600)]
    public async Task What_was_appended_is_read_in_order_without_a_gap(int atOnce)
    {
        var log = new StoredLog(_storage);
        for (var next = 1; next <= 1500; next += atOnce)
        {
            Assert.True(await log.TryAppendAsync("l", next, Entries(next, atOnce), default));
        }

        var found = await log.ReadAsync("l", 1, 10_000, default);
        Assert.Equal(Enumerable.Range(1, found.Count).Select(position => (long)position), found.Select(entry => entry.Position));
        Assert.All(found, entry => Assert.Equal(entry.Position.ToString(CultureInfo.InvariantCulture), entry.Text));
        Assert.Equal([700L, 701L, 702L], (await log.ReadAsync("l", 700, 3, default)).Select(entry => entry.Position));
        Assert.Empty(await log.ReadAsync("l", found.Count + 1, 3, default));
    }

    [Fact]
    public async Task An_append_at_another_place_than_the_end_is_refused_whole()
    {
        var (one, other) = (new StoredLog(_storage), new StoredLog(_storage));
        Assert.True(await one.TryAppendAsync("l", 1, Entries(1, 3), default));
        Assert.False(await other.TryAppendAsync("l", 3, Entries(3, 500), default));
        Assert.False(await other.TryAppendAsync("l", 5, Entries(5, 1), default));
        Assert.True(await other.TryAppendAsync("l", 4, Entries(4, 500), default));
        Assert.Equal(503, (await one.ReadAsync("l", 1, 10_000, default)).Count);
    }

    [Fact]
    public async Task Of_two_writers_at_one_place_one_is_first()
    {
        var writers = Enumerable.Range(0, 20).Select(_ => new StoredLog(_storage).TryAppendAsync("l", 1, Entries(1, 100), default));

        Assert.Single(await Task.WhenAll(writers), won => won);
        Assert.Equal(100, (await new StoredLog(_storage).ReadAsync("l", 1, 1000, default)).Count);
    }

    [Fact]
    public async Task What_was_trimmed_is_gone_and_positions_stay()
    {
        var log = new StoredLog(_storage);
        await log.TryAppendAsync("l", 1, Entries(1, 600), default);

        await log.TrimAsync("l", 400, default);
        await log.TrimAsync("l", 300, default);

        Assert.Equal(400, (await log.ReadAsync("l", 1, 1000, default))[0].Position);
        Assert.True(await log.TryAppendAsync("l", 601, Entries(601, 1), default));
        await log.TrimAsync("l", 602, default);
        Assert.Empty(await log.ReadAsync("l", 1, 1000, default));
        Assert.True(await log.TryAppendAsync("l", 602, Entries(602, 1), default));
    }

    [Fact]
    public async Task A_store_that_cannot_be_read_is_unavailable()
    {
        _storage.Before = (_, _) => throw new IOException();

        var refused = await Assert.ThrowsAsync<ControlPlaneException>(() => new StoredLog(_storage).ReadAsync("l", 1, 1, default));
        Assert.Equal(Errors.ErrorCode.ControlPlaneUnavailable, refused.Code);
    }

    private static List<string> Entries(int from, int count) =>
        [.. Enumerable.Range(from, count).Select(position => position.ToString(CultureInfo.InvariantCulture))];
}
