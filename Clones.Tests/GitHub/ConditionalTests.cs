using ControlPlane.Workers;

namespace ControlPlane.GitHub;

public sealed class ConditionalTests
{
    [Theory]
    [InlineData("{0}")]
    [InlineData("W/{0}")]
    [InlineData("\"other\", W/{0}")]
    [InlineData("*")]
    public async Task What_the_caller_has_is_not_sent_again_and_costs_nothing(string format)
    {
        await using var running = await RunningWorker.StartAsync();
        var first = await running.GetAsync(GitHubWorker.Project);
        var tag = first["ETag"]!;
        Assert.Matches("^\"[0-9a-f]{64}\"$", tag);

        var again = await running.GetAsync(GitHubWorker.Project, ("if-none-match", format.Replace("{0}", tag, StringComparison.Ordinal)));

        Assert.Equal(304, again.Code);
        Assert.Empty(again.Body);
        Assert.Equal(tag, again["ETag"]);
        Assert.Equal(first["Last-Modified"], again["Last-Modified"]);
        Assert.Equal(first["X-RateLimit-Used"], again["X-RateLimit-Used"]);
    }

    [Fact]
    public async Task What_has_changed_is_sent()
    {
        await using var running = await RunningWorker.StartAsync();
        var tag = (await running.GetAsync(GitHubWorker.Issues))["ETag"];
        await running.PostAsync(GitHubWorker.Issues, """{"title":"new"}""");

        var again = await running.GetAsync(GitHubWorker.Issues, ("if-none-match", tag));

        Assert.Equal(200, again.Code);
        Assert.NotEqual(tag, again["ETag"]);
    }

    [Fact]
    public async Task The_tag_depends_on_the_media_type()
    {
        await using var running = await RunningWorker.StartAsync();

        var json = await running.GetAsync(GitHubWorker.Project);
        var raw = await running.GetAsync(GitHubWorker.Project, ("accept", "application/vnd.github.raw+json"));

        Assert.Equal(json.Text, raw.Text);
        Assert.NotEqual(json["ETag"], raw["ETag"]);
    }

    [Theory]
    [InlineData("Wed, 14 Feb 2024 09:00:00 GMT", 304)]
    [InlineData("Wed, 14 Feb 2024 08:59:59 GMT", 200)]
    [InlineData("not a date", 200)]
    public async Task A_date_decides_where_no_tag_was_sent(string since, int status)
    {
        await using var running = await RunningWorker.StartAsync();

        var reply = await running.GetAsync(GitHubWorker.Project, ("if-modified-since", since));

        Assert.Equal(status, reply.Code);
        Assert.Equal("Wed, 14 Feb 2024 09:00:00 GMT", reply["Last-Modified"]);
    }

    [Fact]
    public async Task A_tag_that_differs_outweighs_a_date_that_fits()
    {
        await using var running = await RunningWorker.StartAsync();

        var reply = await running.GetAsync(
            GitHubWorker.Project, ("if-none-match", "\"other\""), ("if-modified-since", "Wed, 14 Feb 2029 09:00:00 GMT"));

        Assert.Equal(200, reply.Code);
    }
}
