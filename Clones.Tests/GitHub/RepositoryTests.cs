using ControlPlane.Workers;

namespace ControlPlane.GitHub;

public sealed class RepositoryTests
{
    [Fact]
    public async Task A_new_repository_has_githubs_defaults()
    {
        await using var running = await RunningWorker.StartAsync("empty");

        var reply = await running.PostAsync("/api/user/repos", """{"name":"r"}""");

        Assert.Equal(201, reply.Code);
        Assert.Equal(GitHubWorker.Api + "/repos/octocat/r", reply["Location"]);
        Assert.Equal(reply.Text("url"), reply["Location"]);
        foreach (var (member, expected) in new Dictionary<string, string>
        {
            ["private"] = "false", ["has_issues"] = "true", ["has_projects"] = "true", ["has_wiki"] = "true", ["has_downloads"] = "true",
            ["has_pages"] = "false", ["has_discussions"] = "false", ["size"] = "0", ["default_branch"] = "\"main\"", ["homepage"] = "null",
            ["description"] = "null", ["language"] = "null", ["mirror_url"] = "null", ["license"] = "null", ["allow_squash_merge"] = "true",
            ["allow_merge_commit"] = "true", ["allow_rebase_merge"] = "true", ["allow_auto_merge"] = "false",
            ["delete_branch_on_merge"] = "false", ["allow_update_branch"] = "false", ["use_squash_pr_title_as_default"] = "false",
            ["squash_merge_commit_title"] = "\"COMMIT_OR_PR_TITLE\"", ["squash_merge_commit_message"] = "\"COMMIT_MESSAGES\"",
            ["merge_commit_title"] = "\"MERGE_MESSAGE\"", ["merge_commit_message"] = "\"PR_TITLE\"", ["allow_forking"] = "true",
            ["is_template"] = "false", ["web_commit_signoff_required"] = "false", ["visibility"] = "\"public\"", ["topics"] = "[]",
            ["permissions"] = """{"admin":true,"maintain":true,"push":true,"triage":true,"pull":true}""", ["network_count"] = "0",
            ["subscribers_count"] = "0", ["open_issues_count"] = "0",
        })
        {
            Assert.True(GitHubWorker.Same(expected, reply.Json.GetProperty(member)), $"{member}: {reply.Json.GetProperty(member)}");
        }

        Assert.All(["created_at", "updated_at", "pushed_at"], time => Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", reply.Text(time)));
    }

    [Theory]
    [InlineData("abc;def%()ghi!", "abc-def-ghi-")]
    [InlineData("keep._-Case9", "keep._-Case9")]
    [InlineData("e\u0301te\u0301", "e-te-")]
    [InlineData("a \ud83d\ude00 b", "a-b")]
    public async Task Each_run_of_other_characters_in_a_name_becomes_one_hyphen(string given, string name)
    {
        await using var running = await RunningWorker.StartAsync("empty");

        var reply = await running.PostAsync("/api/user/repos", $$"""{"name":"{{given}}"}""");

        Assert.Equal(name, reply.Text("name"));
    }

    [Fact]
    public async Task The_length_of_a_name_is_that_of_what_became_of_it()
    {
        await using var running = await RunningWorker.StartAsync("empty");

        Assert.Equal(201, (await running.PostAsync("/api/user/repos", $$"""{"name":"x{{new string('!', 200)}}y"}""")).Code);
    }

    [Fact]
    public async Task A_license_appears_on_the_next_look()
    {
        await using var running = await RunningWorker.StartAsync("empty");

        var created = await running.PostAsync("/api/user/repos", """{"name":"r","license_template":"mit","gitignore_template":"Node"}""");
        var shown = await running.GetAsync("/api/repos/octocat/r");

        Assert.Equal(System.Text.Json.JsonValueKind.Null, created.Json.GetProperty("license").ValueKind);
        Assert.Equal("MDc6TGljZW5zZTEz", shown.Json.GetProperty("license").GetProperty("node_id").GetString());
    }

    [Theory]
    [InlineData("/api/repos/OCTOCAT/Small-Project")]
    [InlineData("/api/v3/repos/octocat/small-project")]
    [InlineData("/api/api/v3/repos/octocat/small-project")]
    [InlineData("/api/repositories/906237549")]
    [InlineData("/api/repos/octocat/small%2Dproject")]
    public async Task One_repository_has_many_addresses(string path)
    {
        await using var running = await RunningWorker.StartAsync();

        Assert.Equal("octocat/small-project", (await running.GetAsync(path)).Text("full_name"));
    }

    [Fact]
    public async Task A_former_name_leads_on_until_another_takes_it()
    {
        await using var running = await RunningWorker.StartAsync();
        await running.PatchAsync(GitHubWorker.Project, """{"name":"renamed"}""");

        var read = await running.GetAsync(GitHubWorker.Project + "/issues?state=all");
        var write = await running.PatchAsync(GitHubWorker.Project, "{}");
        await running.PostAsync("/api/user/repos", """{"name":"small-project"}""");

        Assert.Equal(301, read.Code);
        Assert.Equal(GitHubWorker.Api + "/repositories/906237549/issues?state=all", read["Location"]);
        Assert.Equal("Moved Permanently", read.Text("message"));
        Assert.Equal(307, write.Code);
        Assert.Equal(200, (await running.GetAsync(GitHubWorker.Project)).Code);
        Assert.Equal(8, (await running.GetAsync("/api/repos/octocat/renamed/issues?state=all")).Json.GetArrayLength());
    }

    [Fact]
    public async Task Deleted_it_is_gone_and_its_names_are_free()
    {
        await using var running = await RunningWorker.StartAsync();
        await running.PatchAsync(GitHubWorker.Project, """{"name":"renamed"}""");

        Assert.Equal(204, (await running.Client.SendAsync("DELETE", "/api/repos/octocat/renamed")).Code);

        Assert.Equal(404, (await running.GetAsync("/api/repos/octocat/renamed")).Code);
        Assert.Equal(404, (await running.GetAsync(GitHubWorker.Project)).Code);
        Assert.Equal(201, (await running.PostAsync("/api/user/repos", """{"name":"renamed"}""")).Code);
    }

    [Fact]
    public async Task The_list_is_sorted_and_chosen_from()
    {
        await using var running = await RunningWorker.StartAsync();
        await running.PostAsync("/api/user/repos", """{"name":"b-second","private":true}""");
        await running.PostAsync("/api/user/repos", """{"name":"A-third"}""");

        async Task<IEnumerable<string?>> List(string query) => (await running.GetAsync("/api/user/repos" + query)).Names();
        Assert.Equal(["A-third", "b-second", "small-project"], await List(""));
        Assert.Equal(["small-project", "b-second", "A-third"], await List("?direction=desc"));
        Assert.Equal(["A-third", "b-second", "small-project"], await List("?sort=created"));
        Assert.Equal(["b-second"], await List("?visibility=private"));
        Assert.Equal(["A-third", "small-project"], await List("?type=public"));
        Assert.Equal([], await List("?affiliation=organization_member"));
    }

    [Fact]
    public async Task Links_are_built_from_the_base_that_the_request_brings()
    {
        await using var running = await RunningWorker.StartAsync();

        var reply = await running.GetAsync(GitHubWorker.Project, ("x-clone-base-url", "https://ses-1.clones.example/github"));

        Assert.Equal("https://ses-1.clones.example/github/api/repos/octocat/small-project", reply.Text("url"));
        Assert.Equal("https://ses-1.clones.example/github/octocat/small-project", reply.Text("html_url"));
        Assert.DoesNotContain(Client.BaseUrl, reply.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", reply.Text, StringComparison.Ordinal);
    }
}
