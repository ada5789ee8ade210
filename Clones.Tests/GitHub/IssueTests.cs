using System.Text.Json;
using ControlPlane.Workers;

namespace ControlPlane.GitHub;

public sealed class IssueTests
{
    [Fact]
    public async Task An_opened_issue_has_the_next_number_and_all_that_was_said()
    {
        await using var running = await RunningWorker.StartAsync();

        var reply = await running.PostAsync(GitHubWorker.Issues, """{"title":"t","body":"b","labels":["Bug",{"name":"made"}],"assignees":["OctoCat"]}""");

        Assert.Equal(201, reply.Code);
        Assert.Equal(GitHubWorker.Api + "/repos/octocat/small-project/issues/9", reply["Location"]);
        Assert.Equal(["bug", "made"], reply.Json.GetProperty("labels").EnumerateArray().Select(label => label.GetProperty("name").GetString()));
        Assert.Equal("octocat", reply.Json.GetProperty("assignee").GetProperty("login").GetString());
        Assert.Equal("OWNER", reply.Text("author_association"));
        Assert.Equal(reply.Text, (await running.GetAsync(GitHubWorker.Issues + "/9")).Text);
        Assert.Equal(6, (await running.GetAsync(GitHubWorker.Project)).Json.GetProperty("open_issues_count").GetInt32());
    }

    [Theory]
    [InlineData("""{"title":59437}""", "title", "59437")]
    [InlineData("""{"title":"t","body":""}""", "body", null)]
    [InlineData("""{"title":"t","body":null}""", "body", null)]
    public async Task What_github_takes_is_taken(string body, string member, string? value)
    {
        await using var running = await RunningWorker.StartAsync();

        Assert.Equal(value, (await running.PostAsync(GitHubWorker.Issues, body)).Text(member));
    }

    [Fact]
    public async Task Closing_and_reopening_leave_their_traces()
    {
        await using var running = await RunningWorker.StartAsync();
        var at = GitHubWorker.Issues + "/2";

        var closed = await running.PatchAsync(at, """{"state":"closed"}""");
        var otherwise = await running.PatchAsync(at, """{"state":"closed","state_reason":"not_planned"}""");
        var opened = await running.PatchAsync(at, """{"state":"open"}""");

        Assert.Equal("completed", closed.Text("state_reason"));
        Assert.Equal("octocat", closed.Json.GetProperty("closed_by").GetProperty("login").GetString());
        Assert.NotNull(closed.Text("closed_at"));
        Assert.Equal("not_planned", otherwise.Text("state_reason"));
        Assert.Equal("reopened", opened.Text("state_reason"));
        Assert.Null(opened.Text("closed_at"));
        Assert.Equal(JsonValueKind.Null, opened.Json.GetProperty("closed_by").ValueKind);
    }

    [Fact]
    public async Task What_is_not_sent_stays()
    {
        await using var running = await RunningWorker.StartAsync();
        var before = await running.GetAsync(GitHubWorker.Issues + "/2");

        var after = await running.PatchAsync(GitHubWorker.Issues + "/2", """{"title":null,"body":null,"labels":[]}""");

        Assert.Equal(before.Text("title"), after.Text("title"));
        Assert.Null(after.Text("body"));
        Assert.Equal(0, after.Json.GetProperty("labels").GetArrayLength());
        Assert.Equal(before.Text("created_at"), after.Text("created_at"));
        Assert.Equal("octocat", after.Json.GetProperty("assignee").GetProperty("login").GetString());
    }

    [Theory]
    [InlineData("", new[] { 8, 7, 6, 3, 2 })]
    [InlineData("?state=closed", new[] { 5, 4, 1 })]
    [InlineData("?state=all&direction=asc", new[] { 1, 2, 3, 4, 5, 6, 7, 8 })]
    [InlineData("?labels=BUG", new[] { 8, 2 })]
    [InlineData("?state=all&labels=bug,help%20wanted", new[] { 4 })]
    [InlineData("?labels=nothing", new int[0])]
    [InlineData("?assignee=octocat", new[] { 6, 2 })]
    [InlineData("?assignee=none", new[] { 8, 7, 3 })]
    [InlineData("?assignee=*&state=all", new[] { 6, 2, 1 })]
    [InlineData("?creator=somebody", new int[0])]
    [InlineData("?milestone=1", new int[0])]
    [InlineData("?since=2024-01-22T00:00:00Z", new[] { 8, 7, 6 })]
    public async Task The_list_is_filtered_as_asked(string query, int[] numbers)
    {
        await using var running = await RunningWorker.StartAsync();

        Assert.Equal(numbers, (await running.GetAsync(GitHubWorker.Issues + query)).Numbers());
    }

    [Fact]
    public async Task Sorted_by_update_the_last_touched_is_first()
    {
        await using var running = await RunningWorker.StartAsync();
        await running.PatchAsync(GitHubWorker.Issues + "/3", """{"title":"touched"}""");

        Assert.Equal(3, (await running.GetAsync(GitHubWorker.Issues + "?sort=updated")).Numbers().First());
    }

    [Fact]
    public async Task Writers_at_once_get_different_numbers_and_none_is_lost()
    {
        await using var running = await RunningWorker.StartAsync();

        var replies = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => running.PostAsync(GitHubWorker.Issues, """{"title":"t"}""")));

        Assert.Equal(Enumerable.Range(9, 200), replies.Select(reply => reply.Json.GetProperty("number").GetInt32()).Order());
    }
}
