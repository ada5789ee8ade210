using ControlPlane.Running;

namespace ControlPlane.Sessions;

public sealed class ListTests(SharedProgram shared) : IClassFixture<SharedProgram>
{
    private readonly StandaloneProcess _program = shared.Program;
    private readonly string _label = $"of-{Guid.NewGuid():N}";

    [Fact]
    public async Task Status_label_and_clone_choose_and_the_newest_comes_first()
    {
        var (first, second, third) = (await StartAsync("a"), await StartAsync("b"), await StartAsync("a"));
        using var stopped = await _program.DeleteAsync($"/api/sessions/{second}");

        Assert.Equal([third, first], await _program.ListAsync($"label={_label}"));
        Assert.Equal([third, second, first], await _program.ListAsync($"label={_label}&status=all"));
        Assert.Equal([second], await _program.ListAsync($"label={_label}&status=ended"));
        Assert.Equal([third, first], await _program.ListAsync($"label={_label}&status=running"));
        Assert.Equal([second], await _program.ListAsync($"label={_label}%3Db&status=all"));
        Assert.Equal([third, first], await _program.ListAsync($"label={_label}%3Da&clone=github"));
        Assert.Empty(await _program.ListAsync($"label={_label}&clone=slack"));
        Assert.Empty(await _program.ListAsync($"label={_label}%3D"));
        Assert.Empty(await _program.ListAsync($"label={_label}&status=failed"));
    }

    [Fact]
    public async Task Pages_follow_each_other_and_name_each_session_once()
    {
        var made = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            made.Insert(0, await StartAsync("x"));
        }

        var listed = new List<string>();
        var cursor = "";
        var pages = 0;
        do
        {
            var page = await _program.CallAsync(HttpMethod.Get, $"/api/sessions?label={_label}&limit=3{cursor}", _program.OwnerToken);
            listed.AddRange(SessionCalls.Ids(page));
            cursor = page.TryGetProperty("nextCursor", out var next) ? $"&cursor={Uri.EscapeDataString(next.GetString()!)}" : null;
            if (++pages == 1)
            {
                // One that comes while somebody reads is newer than what is still to come.
                await StartAsync("late");
            }
        }
        while (cursor is not null);

        Assert.Equal(made, listed);
        Assert.Equal(3, pages);
    }

    [Fact]
    public async Task A_label_stops_what_it_names_and_nothing_else()
    {
        var (one, two, other) = (await StartAsync("stop"), await StartAsync("stop"), await StartAsync("keep"));

        using var stopped = await _program.DeleteAsync($"/api/sessions?label={_label}%3Dstop");

        Assert.Matches(@"^acknowledged=\d+, waited=\d+, ms=\d+$", stopped.Headers.GetValues("x-archal-revocation").Single());
        Assert.Equal(("ended", "ended", "running"), (await StatusAsync(one), await StatusAsync(two), await StatusAsync(other)));
    }

    [Theory]
    [InlineData("GET", "status", "status=alive")]
    [InlineData("GET", "limit", "limit=0")]
    [InlineData("GET", "limit", "limit=201")]
    [InlineData("GET", "limit", "limit=x")]
    [InlineData("GET", "cursor", "cursor=x")]
    [InlineData("GET", "cursor", "cursor=99999999999999999999_ses")]
    [InlineData("GET", "label", "label=a%20b")]
    [InlineData("GET", "status", "status=all&status=ended")]
    [InlineData("DELETE", "label", "")]
    [InlineData("DELETE", "status", "label=a&status=ended")]
    public async Task What_is_wrong_is_400_and_named(string method, string field, string query)
    {
        var (status, code, message) = await _program.RefusedAsync(new HttpMethod(method), $"/api/sessions?{query}");

        Assert.Equal((400, "request_invalid"), (status, code));
        Assert.StartsWith($"{field}: ", message, StringComparison.Ordinal);
    }

    private async Task<string> StartAsync(string value) =>
        (await _program.CreateAsync(new { clones = new[] { "github" }, labels = Labels(value) })).Id();

    private Dictionary<string, string> Labels(string value) => new() { [_label] = value };

    private async Task<string> StatusAsync(string id) => (await _program.SessionAsync(id)).Text("status");
}
