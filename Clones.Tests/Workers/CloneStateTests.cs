using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace ControlPlane.Workers;

/// <summary>The state of a clone through the worker's control port: read, replaced, and there after a restart.</summary>
public sealed class CloneStateTests
{
    private const string State = "/placements/ses-1/clones/github/state?epoch=1";

    [Fact]
    public async Task A_state_that_was_read_can_be_put_back_and_is_the_same()
    {
        await using var worker = await RunningWorker.StartAsync();
        var before = await ReadAsync(worker);
        (await worker.Client.SendAsync("DELETE", "/api/repos/octocat/small-project")).MustBe(204);
        Assert.DoesNotContain("small-project", (await worker.Client.GetAsync("/api/user/repos")).Text, StringComparison.Ordinal);

        await PutAsync(worker, State, before, HttpStatusCode.NoContent);

        Assert.Equal(before, await ReadAsync(worker));
        Assert.Contains("small-project", (await worker.Client.GetAsync("/api/user/repos")).Text, StringComparison.Ordinal);
        Assert.Equal(5, (await worker.Client.GetAsync("/api/repos/octocat/small-project")).Json.GetProperty("open_issues_count").GetInt32());
    }

    [Fact]
    public async Task A_replaced_state_outlives_a_restart_and_what_comes_after_it_too()
    {
        await using var worker = await RunningWorker.StartAsync("empty");
        await PutAsync(worker, State + "&seed=small-project", null, HttpStatusCode.NoContent);
        (await worker.Client.SendAsync("POST", "/api/repos/octocat/small-project/issues", """{"title":"after"}""")).MustBe(201);
        var before = await ReadAsync(worker);

        await worker.RestartAsync();

        Assert.Equal(before, await ReadAsync(worker));
        await PutAsync(worker, State + "&seed=empty", null, HttpStatusCode.NoContent);
        Assert.Equal("[]", (await worker.Client.GetAsync("/api/user/repos")).Text);
    }

    [Fact]
    public async Task A_state_that_somebody_wrote_may_leave_out_what_has_a_default()
    {
        await using var worker = await RunningWorker.StartAsync("empty");

        await PutAsync(worker, State, Tiny, HttpStatusCode.NoContent);

        var repository = (await worker.Client.GetAsync("/api/repos/ada/tiny")).MustBe(200).Json;
        Assert.True(repository.GetProperty("has_issues").GetBoolean());
        Assert.Equal("main", repository.GetProperty("default_branch").GetString());
        var issue = (await worker.Client.SendAsync("POST", "/api/repos/ada/tiny/issues", """{"title":"next"}""")).MustBe(201).Json;
        Assert.Equal(8, issue.GetProperty("number").GetInt32());
    }

    [Theory]
    [InlineData("$.user.login", "\"\"", "user")]
    [InlineData("$.user", "null", "user")]
    [InlineData("$.repositories", "null", "repositories")]
    [InlineData("$.repositories[0].repository", "null", "repository")]
    [InlineData("$.repositories[0].repository.name", "\"a b\"", "tiny|a b")]
    [InlineData("$.repositories[0].repository.license", "\"no-such\"", "license")]
    [InlineData("$.repositories[0].repository.id", "0", "id")]
    [InlineData("$.repositories[0].issues[0].labels", "[3]", "label")]
    [InlineData("$.repositories[0].issues[0].repositoryId", "6", "repositoryId")]
    [InlineData("$.repositories[0].issues[0].title", "null", "title")]
    [InlineData("$.repositories[0].issues[0]", "null", "repositories")]
    [InlineData("$.formerNames", """{"old":77}""", "formerNames")]
    [InlineData("$.nonsense", "1", "nonsense")]
    public async Task What_is_no_state_is_refused_with_its_place_and_changes_nothing(string place, string value, string told)
    {
        await using var worker = await RunningWorker.StartAsync();
        var before = await ReadAsync(worker);
        var wrong = JsonNode.Parse(Tiny)!;
        Set(wrong, place[2..].Split('.'), JsonNode.Parse(value));

        var answer = await PutAsync(worker, State, wrong.ToJsonString(), HttpStatusCode.BadRequest);

        Assert.Contains(told.Split('|'), word => answer.Contains(word, StringComparison.Ordinal));
        Assert.Equal(before, await ReadAsync(worker));
    }

    [Fact]
    public async Task What_is_not_there_is_not_answered()
    {
        await using var worker = await RunningWorker.StartAsync();

        await PutAsync(worker, State + "&seed=nonsense", null, HttpStatusCode.BadRequest);
        await PutAsync(worker, State, "not json", HttpStatusCode.BadRequest);
        await PutAsync(worker, State, Tiny.Insert(Tiny.LastIndexOf('}'), ""","formerNames":{},"formerNames":{}"""), HttpStatusCode.BadRequest);
        await PutAsync(worker, "/placements/ses-1/clones/github/state?epoch=2&seed=empty", null, HttpStatusCode.Conflict);
        await PutAsync(worker, "/placements/ses-2/clones/github/state?epoch=1&seed=empty", null, HttpStatusCode.Conflict);
        await PutAsync(worker, "/placements/ses-1/clones/slack/state?epoch=1&seed=empty", null, HttpStatusCode.NotFound);
        using var stranger = await worker.Client.ControlAsync(HttpMethod.Get, State, authorization: "Bearer other");
        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
    }

    [Fact]
    public async Task Every_tool_that_is_told_is_there()
    {
        await using var worker = await RunningWorker.StartAsync();
        var tools = (await worker.Client.StatusAsync()).Catalogue.Single().Tools!;

        Assert.Equal(11, tools.Count);
        foreach (var tool in tools.Where(tool => tool.Method == "GET"))
        {
            var path = tool.Path.Replace("{owner}", "octocat", StringComparison.Ordinal).Replace("{repo}", "small-project", StringComparison.Ordinal)
                .Replace("{number}", "1", StringComparison.Ordinal);
            (await worker.Client.GetAsync("/api" + path)).MustBe(200);
        }
    }

    private const string Tiny = """
        {"user":{"id":1,"login":"ada","createdAt":"2024-01-01T00:00:00Z"},
         "repositories":[{"repository":{"id":5,"name":"tiny","createdAt":"2024-01-01T00:00:00Z","updatedAt":"2024-01-01T00:00:00Z","pushedAt":"2024-01-01T00:00:00Z"},
           "issues":[{"id":9,"repositoryId":5,"number":7,"title":"one","author":"ada","createdAt":"2024-01-01T00:00:00Z","updatedAt":"2024-01-01T00:00:00Z"}]}]}
        """;

    private static void Set(JsonNode node, string[] names, JsonNode? value)
    {
        var name = names[0].Split('[')[0];
        if (names[0].EndsWith(']'))
        {
            var list = node[name]!.AsArray();
            if (names.Length == 1)
            {
                list[0] = value;
                return;
            }

            node = list[0]!;
        }
        else if (names.Length == 1)
        {
            node[name] = value;
            return;
        }
        else
        {
            node = node[name]!;
        }

        Set(node, names[1..], value);
    }

    private static async Task<string> ReadAsync(RunningWorker worker)
    {
        using var answer = await worker.Client.ControlAsync(HttpMethod.Get, State);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync());
    }

    private static async Task<string> PutAsync(RunningWorker worker, string path, string? body, HttpStatusCode expected)
    {
        using var answer = await worker.Client.ControlAsync(HttpMethod.Put, path, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == expected, $"{answer.StatusCode}: {text}");
        return text;
    }
}
