using ControlPlane.Errors;
using ControlPlane.Hosting;

namespace ControlPlane.Sessions;

public sealed class SessionIndexTests
{
    private static readonly EntityKey Log = new("log", "sessions/ws");
    private readonly VirtualTime _time = new();
    private readonly MemoryStorage _storage = new();

    [Fact]
    public async Task Pages_are_newest_first_and_leave_nobody_out()
    {
        var index = NewIndex();
        var expected = new List<string>();
        for (var i = 0; i < 95; i++)
        {
            // Several of the same moment, whose order is by id.
            await index.RecordAsync(Listing($"s{i:00}", created: i / 3));
            expected.Add($"s{i:00}");
        }

        expected = [.. expected.OrderByDescending(id => int.Parse(id[1..], System.Globalization.CultureInfo.InvariantCulture) / 3).ThenBy(id => id, StringComparer.Ordinal)];
        foreach (var limit in (int[])[1, 7, 94, 95, 1000])
        {
            Assert.Equal(expected, await AllAsync(index, Query(limit)));
        }
    }

    [Fact]
    public async Task A_page_goes_on_where_the_last_one_ended_whatever_has_come_and_gone()
    {
        var index = NewIndex();
        for (var i = 0; i < 10; i++)
        {
            await index.RecordAsync(Listing($"s{i}", created: i));
        }

        var page = await index.PageAsync(Query(5));
        Assert.Equal(["s9", "s8", "s7", "s6", "s5"], page.SessionIds);
        await index.RecordAsync(Listing("new", created: 99));
        await index.RecordAsync(Listing("s5", created: 5, version: 2) with { Forgotten = true });
        await index.RecordAsync(Listing("s3", created: 3, version: 2) with { Forgotten = true });

        Assert.Equal(["s4", "s2", "s1", "s0"], (await index.PageAsync(Query(5) with { After = page.Next })).SessionIds);
    }

    [Fact]
    public async Task Only_what_fits_is_listed()
    {
        var index = NewIndex();
        await index.RecordAsync(Listing("a", 1) with { Labels = new Dictionary<string, string> { ["team"] = "red" } });
        await index.RecordAsync(Listing("b", 2) with { Status = SessionStatus.Ended, Labels = new Dictionary<string, string> { ["team"] = "blue" } });
        await index.RecordAsync(Listing("c", 3) with { Clones = ["slack", "github"] });

        Assert.Equal(["c", "a"], await AllAsync(index, Query(1) with { Statuses = [SessionStatus.Running] }));
        Assert.Equal(["b", "a"], await AllAsync(index, Query(1) with { Label = new("team", null) }));
        Assert.Equal(["a"], await AllAsync(index, Query(1) with { Label = new("team", "red") }));
        Assert.Equal(["c"], await AllAsync(index, Query(1) with { CloneName = "slack" }));
        Assert.Empty(await AllAsync(index, Query(1) with { CloneName = "slack", Statuses = [SessionStatus.Failed] }));

        await index.RecordAsync(Listing("c", 3, version: 2) with { Status = SessionStatus.Ended });
        Assert.Equal(["a"], await AllAsync(index, Query(1) with { Statuses = [SessionStatus.Starting, SessionStatus.Running] }));
        Assert.Equal(["c", "b"], await AllAsync(index, Query(1) with { Statuses = [SessionStatus.Ended] }));
        Assert.Equal(["c", "b", "a"], await AllAsync(index, Query(1) with { Statuses = [SessionStatus.Ended, SessionStatus.Running] }));
    }

    [Theory, InlineData("x"), InlineData("-1_a"), InlineData("99999999999999999999_a"), InlineData("9999999999999999999_a"), InlineData("")]
    public async Task A_cursor_that_no_list_answered_is_refused(string cursor)
    {
        var index = NewIndex();
        await index.RecordAsync(Listing("a", 1));

        var refused = await Assert.ThrowsAsync<ControlPlaneException>(() => index.PageAsync(Query(1) with { After = cursor }));
        Assert.Equal(ErrorCode.RequestInvalid, refused.Code);
    }

    [Fact]
    public async Task Old_news_is_no_news()
    {
        var index = NewIndex();
        await index.RecordAsync(Listing("a", 1, version: 5) with { Status = SessionStatus.Ended });
        await index.RecordAsync(Listing("a", 1, version: 4));
        await index.RecordAsync(Listing("a", 1, version: 5) with { Status = SessionStatus.Ended });

        Assert.Equal(1, _storage.Count(StorageAction.Append, Log));
        Assert.Empty(await AllAsync(index, Query(9) with { Statuses = [SessionStatus.Running] }));
    }

    [Fact]
    public async Task Two_activations_see_what_the_other_writes()
    {
        var (one, other) = (NewIndex(), NewIndex());
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => (i % 2 == 0 ? one : other).RecordAsync(Listing($"s{i}", i))));

        Assert.Equal(100, (await AllAsync(one, Query(1000))).Count);
        Assert.Equal(await AllAsync(one, Query(7)), await AllAsync(other, Query(1000)));
    }

    [Fact]
    public async Task An_answer_that_was_lost_is_written_twice_and_listed_once()
    {
        var index = NewIndex();
        _storage.After = step => step.Action == StorageAction.Append ? throw new IOException() : Task.CompletedTask;
        await Assert.ThrowsAsync<ControlPlaneException>(() => index.RecordAsync(Listing("a", 1)));
        _storage.After = null;
        await index.RecordAsync(Listing("a", 1));

        Assert.Equal(["a"], await AllAsync(index, Query(9)));
        Assert.Equal(["a"], await AllAsync(NewIndex(), Query(9)));
    }

    [Fact]
    public async Task A_log_that_mostly_says_nothing_any_more_is_trimmed_once_and_loses_nothing()
    {
        // More than are appended at once.
        var index = NewIndex();
        for (var i = 0; i < 1_500; i++)
        {
            await index.RecordAsync(Listing($"stays{i}", i));
        }

        for (var version = 1; version <= 10_050; version++)
        {
            await index.RecordAsync(Listing("busy", 50, version));
        }

        Assert.Equal(1, _storage.Count(StorageAction.Trim, Log));
        var next = NewIndex();
        Assert.Equal(await AllAsync(index, Query(1000)), await AllAsync(next, Query(1000)));
        Assert.Equal(1_501, (await AllAsync(next, Query(1000))).Count);

        // Whoever reads the trimmed log knows where it begins, and does not write it anew.
        await next.RecordAsync(Listing("busy", 50, 20_000));
        Assert.Equal(1, _storage.Count(StorageAction.Trim, Log));
    }

    private SessionIndex NewIndex() => new("ws", new BareHost(new EntityKey("session-index", "ws"), _time, _storage));

    private static SessionQuery Query(int limit) => new([], null, null, limit, null);

    private static SessionListing Listing(string id, int created, long version = 1) =>
        new(id, version, SessionStatus.Running, VirtualTime.Start + TimeSpan.FromSeconds(created), ["github"], null);

    private static async Task<List<string>> AllAsync(SessionIndex index, SessionQuery query)
    {
        var all = new List<string>();
        for (var page = await index.PageAsync(query); ; page = await index.PageAsync(query with { After = page.Next }))
        {
            Assert.True(page.SessionIds.Count <= query.Limit);
            all.AddRange(page.SessionIds);
            if (page.Next is null)
            {
                return all;
            }
        }
    }
}
