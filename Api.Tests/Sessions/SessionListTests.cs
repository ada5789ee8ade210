using System.Globalization;
using ControlPlane.Hosting;

namespace ControlPlane.Sessions;

/// <summary>Lists over 300 sessions: every third has ended, every second is Slack's too, labels differ.</summary>
public sealed class SessionListTests(SessionListTests.ManySessions many) : IClassFixture<SessionListTests.ManySessions>
{
    private const int Count = 300;

    [Fact]
    public async Task The_default_is_fifty_live_ones_newest_first()
    {
        var page = (await many.As(many.Key).GetAsync("/api/sessions")).Must(200);

        Assert.Equal(many.Ids.Where((_, at) => at % 3 != 0).Reverse().Take(50), Ids(page));
        Assert.NotEmpty(page.String("nextCursor"));
    }

    [Theory]
    [InlineData("", 200)]
    [InlineData("status=active&", 200)]
    [InlineData("status=running&", 200)]
    [InlineData("status=starting&", 0)]
    [InlineData("status=ended&", 100)]
    [InlineData("status=failed&", 0)]
    [InlineData("status=all&", 300)]
    [InlineData("status=all&clone=slack&", 150)]
    [InlineData("status=all&clone=github&", 300)]
    [InlineData("status=all&clone=nobody&", 0)]
    [InlineData("status=all&label=batch&", 300)]
    [InlineData("status=all&label=batch%3D7&", 30)]
    [InlineData("status=all&label=batch%3D77&", 0)]
    [InlineData("status=all&label=even&", 150)]
    [InlineData("status=all&label=even%3D&", 150)]
    [InlineData("label=batch%3D3&clone=slack&", 0)]
    [InlineData("label=batch%3D4&clone=slack&", 20)]
    public async Task Filters_hold_over_all_pages_and_no_session_comes_twice(string filter, int expected)
    {
        foreach (var limit in new[] { 7, 200 })
        {
            var seen = new List<string>();
            var cursor = "";
            do
            {
                var page = (await many.As(many.Key).GetAsync($"/api/sessions?{filter}limit={limit}{cursor}")).Must(200);
                var ids = Ids(page);
                Assert.InRange(ids.Count, 0, limit);
                seen.AddRange(ids);
                cursor = page.Json.TryGetProperty("nextCursor", out var next) ? $"&cursor={Uri.EscapeDataString(next.GetString()!)}" : "";
            }
            while (cursor.Length > 0);

            Assert.Equal(expected, seen.Distinct().Count());
            Assert.Equal(expected, seen.Count);
            Assert.Equal(seen, many.Ids.Reverse().Where(seen.Contains));
        }
    }

    [Theory]
    [InlineData("status=alive", "status")]
    [InlineData("status=", "status")]
    [InlineData("status=all&status=ended", "status")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=201", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("limit=%2B5", "limit")]
    [InlineData("label=", "label")]
    [InlineData("label=%3Dv", "label")]
    [InlineData("label=a%20b", "label")]
    [InlineData("clone=a%00b", "clone")]
    [InlineData("cursor=nonsense", "cursor")]
    [InlineData("cursor=99999999999999999999_x", "cursor")]
    [InlineData("cursor=-1_x", "cursor")]
    [InlineData("cursor=", "cursor")]
    public async Task What_is_wrong_with_a_query_is_named(string query, string place)
    {
        var answer = (await many.As(many.Key).GetAsync($"/api/sessions?{query}")).MustRefuse(400, "request_invalid");

        Assert.StartsWith(place, answer.String("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_cursor_of_the_right_form_is_a_place_in_the_list()
    {
        foreach (var cursor in new[] { "0_", "3155378975999999999_ses-x", "1_%00", $"{DateTimeOffset.MaxValue.Ticks.ToString(CultureInfo.InvariantCulture)}_" })
        {
            (await many.As(many.Key).GetAsync($"/api/sessions?cursor={cursor}")).Must(200);
        }
    }

    [Fact]
    public async Task Another_workspace_has_its_own_list() =>
        Assert.Empty(Ids((await many.As(many.OtherKey).GetAsync("/api/sessions?status=all")).Must(200)));

    private static List<string> Ids(Answer page) => [.. page["sessions"].EnumerateArray().Select(session => session.GetProperty("sessionId").GetString()!)];

    public sealed class ManySessions : HoldingHost, IAsyncLifetime
    {
        public IReadOnlyList<string> Ids { get; private set; } = [];

        async Task IAsyncLifetime.InitializeAsync()
        {
            await InitializeAsync();
            var ids = new List<string>();
            for (var at = 0; at < Count; at++)
            {
                var (clones, even) = at % 2 == 0 ? ("""["github","slack"]""", ""","even":"" """) : ("""["github"]""", "");
                ids.Add(await SessionAsync($$$"""{"clones":{{{clones}}},"labels":{"batch":"{{{at % 10}}}"{{{even}}}}}"""));
            }

            Ids = ids;
            foreach (var ended in ids.Where((_, at) => at % 3 == 0))
            {
                (await As(Key).DeleteAsync($"/api/sessions/{ended}")).Must(204);
            }
        }
    }
}
