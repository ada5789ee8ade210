using System.Text.RegularExpressions;
using ControlPlane.Workers;

namespace ControlPlane.GitHub;

public sealed partial class PaginationTests
{
    [Theory]
    [InlineData("", null)]
    [InlineData("?per_page=2", "next=2 last=4")]
    [InlineData("?per_page=2&page=2", "prev=1 next=3 last=4 first=1")]
    [InlineData("?per_page=2&page=3", "prev=2 next=4 last=4 first=1")]
    [InlineData("?per_page=2&page=4", "prev=3 first=1")]
    [InlineData("?per_page=2&page=9", "prev=4 first=1")]
    [InlineData("?per_page=8", null)]
    public async Task Links_have_githubs_order(string query, string? relations)
    {
        await using var running = await RunningWorker.StartAsync();

        var link = (await running.GetAsync($"{GitHubWorker.Issues}{query}{(query.Length == 0 ? '?' : '&')}state=all"))["Link"];

        Assert.Equal(relations, link is null ? null : string.Join(' ', PageAndRelation().Matches(link).Select(match => $"{match.Groups[2]}={match.Groups[1]}")));
    }

    [Fact]
    public async Task A_link_is_the_repositorys_by_id_and_repeats_the_query_in_its_order()
    {
        await using var running = await RunningWorker.StartAsync();

        var appended = (await running.GetAsync(GitHubWorker.Issues + "?state=all&per_page=5&labels="))["Link"];
        var replaced = (await running.GetAsync(GitHubWorker.Issues + "?page=1&state=all&per_page=5&since=2024-01-01T00%3A00%3A00Z"))["Link"];

        var at = GitHubWorker.Api + "/repositories/906237549/issues";
        Assert.Equal($"<{at}?state=all&per_page=5&labels=&page=2>; rel=\"next\", <{at}?state=all&per_page=5&labels=&page=2>; rel=\"last\"", appended);
        Assert.StartsWith($"<{at}?page=2&state=all&per_page=5&since=2024-01-01T00%3A00%3A00Z>; rel=\"next\"", replaced, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Links_are_followed_through_all_pages_of_what_they_name()
    {
        await using var running = await RunningWorker.StartAsync();
        var numbers = new List<int>();
        for (var next = GitHubWorker.Issues + "?state=all&per_page=3"; next is not null;)
        {
            var reply = await running.GetAsync(next);
            numbers.AddRange(reply.Numbers());
            next = reply["Link"] is { } link && Next().Match(link) is { Success: true } match ? match.Groups[1].Value[Client.BaseUrl.Length..] : null;
        }

        Assert.Equal(Enumerable.Range(1, 8).Reverse(), numbers);
    }

    [Theory]
    [InlineData("per_page=1000", 100)]
    [InlineData("per_page=0", 30)]
    [InlineData("per_page=-5", 30)]
    [InlineData("per_page=x", 30)]
    [InlineData("page=0", 30)]
    [InlineData("page=99999999999999999999", 30)]
    [InlineData("page=4&per_page=100", 5)]
    [InlineData("page=2000000000000&per_page=100", 0)]
    public async Task What_is_out_of_range_is_set_right(string query, int count)
    {
        await using var running = await RunningWorker.StartAsync("empty");
        await running.PostAsync("/api/user/repos", """{"name":"r"}""");
        await Task.WhenAll(Enumerable.Range(0, 305).Select(_ => running.PostAsync("/api/repos/octocat/r/issues", """{"title":"t"}""")));

        Assert.Equal(count, (await running.GetAsync("/api/repos/octocat/r/issues?" + query)).Json.GetArrayLength());
    }

    [Fact]
    public async Task The_users_repositories_are_paged_where_they_are()
    {
        await using var running = await RunningWorker.StartAsync();
        await running.PostAsync("/api/user/repos", """{"name":"another"}""");

        var reply = await running.GetAsync("/api/user/repos?per_page=1");

        Assert.Equal(["another"], reply.Names());
        Assert.StartsWith($"<{GitHubWorker.Api}/user/repos?per_page=1&page=2>", reply["Link"], StringComparison.Ordinal);
    }

    [GeneratedRegex("[?&]page=(\\d+)[^>]*>; rel=\"(\\w+)\"")]
    private static partial Regex PageAndRelation();

    [GeneratedRegex("<([^>]+)>; rel=\"next\"")]
    private static partial Regex Next();
}
