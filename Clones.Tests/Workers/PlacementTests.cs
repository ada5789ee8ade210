using System.Net;
using System.Net.Http.Json;

namespace ControlPlane.Workers;

public sealed class PlacementTests
{
    [Fact]
    public async Task A_start_says_what_stands_and_the_same_again_changes_nothing()
    {
        await using var running = await RunningWorker.StartAsync();
        await running.Client.SendAsync("POST", "/api/user/repos", """{"name":"kept"}""");

        using var again = await running.Client.StartAsync();
        var started = await again.Content.ReadFromJsonAsync(ContractsJson.Default.PlacementStarted);

        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal(1, started!.Epoch);
        Assert.Equal("small-project", started.Seeds["github"]);
        Assert.Equal(200, (await running.Client.GetAsync("/api/repos/octocat/kept")).Code);
    }

    [Fact]
    public async Task A_lower_epoch_or_another_key_of_the_same_is_409()
    {
        await using var running = await RunningWorker.StartAsync();
        using var third = await running.Client.StartAsync(epoch: 3);
        using var second = await running.Client.StartAsync(epoch: 2);
        using var otherKey = await running.Client.StartAsync(epoch: 3, key: "other");

        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        Assert.Equal("epoch_passed", (await second.Content.ReadFromJsonAsync(ContractsJson.Default.ErrorEnvelope))!.Code);
        Assert.Equal(HttpStatusCode.Conflict, otherKey.StatusCode);
    }

    [Theory]
    [InlineData("ses-9", """{"epoch":1,"key":"k","clones":{"jira":"empty"}}""", "There is no clone 'jira'")]
    [InlineData("ses-9", """{"epoch":1,"key":"k","clones":{"github":"huge"}}""", "github has no seed 'huge'")]
    [InlineData("ses-9", """{"epoch":0,"key":"k","clones":{"github":"empty"}}""", "epoch from 1")]
    [InlineData("ses-9", """{"epoch":1,"clones":{"github":"empty"}}""", "a key")]
    [InlineData("ses-9", """{"epoch":1,"key":"k","clones":{}}""", "at least one clone")]
    [InlineData("ses-9", "{", "not a placement")]
    [InlineData("ses-9", "null", "not a placement")]
    [InlineData("..%2fses", """{"epoch":1,"key":"k","clones":{"github":"empty"}}""", "no plain name")]
    [InlineData("SES", """{"epoch":1,"key":"k","clones":{"github":"empty"}}""", "no plain name")]
    public async Task What_cannot_be_started_is_400_and_says_why(string session, string body, string why)
    {
        await using var running = await RunningWorker.StartEmptyAsync();

        using var answer = await running.Client.ControlAsync(HttpMethod.Put, "/placements/" + session, body);
        var envelope = await answer.Content.ReadFromJsonAsync(ContractsJson.Default.ErrorEnvelope);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("request_invalid", envelope!.Code);
        Assert.Contains(why, envelope.Message, StringComparison.Ordinal);
        Assert.Empty((await running.Client.StatusAsync()).Placements);
    }

    [Fact]
    public async Task An_end_takes_the_state_with_it_and_twice_is_harmless()
    {
        await using var running = await RunningWorker.StartAsync();
        await running.Client.SendAsync("POST", "/api/user/repos", """{"name":"gone"}""");

        using var first = await running.Client.EndAsync();
        using var second = await running.Client.EndAsync();

        Assert.Equal(HttpStatusCode.NoContent, first.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, second.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await running.Client.GetAsync("/api/user")).Status);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(running.Directory, "clones")));
        using var anew = await running.Client.StartAsync(epoch: 2);
        Assert.Equal(404, (await running.Client.GetAsync("/api/repos/octocat/gone", ("x-clone-ticket", $"ses-1.github.2.{Client.Key}"))).Code);
    }

    [Fact]
    public async Task An_end_of_an_earlier_epoch_leaves_a_later_placement_alone()
    {
        await using var running = await RunningWorker.StartAsync();
        using var later = await running.Client.StartAsync(epoch: 2);

        using var end = await running.Client.EndAsync(query: "?epoch=1");

        Assert.Equal(HttpStatusCode.NoContent, end.StatusCode);
        Assert.Equal([new PlacementInfo("ses-1", 2)], (await running.Client.StatusAsync()).Placements);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_start_that_comes_after_its_end_brings_nothing_back(bool endCameFirst)
    {
        await using var running = await RunningWorker.StartEmptyAsync();
        if (!endCameFirst)
        {
            using var start = await running.Client.StartAsync();
        }

        using var end = await running.Client.EndAsync(query: "?epoch=1");
        await running.RestartAsync();

        using var late = await running.Client.StartAsync();
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
        Assert.Empty((await running.Client.StatusAsync()).Placements);
    }

    [Fact]
    public async Task Full_it_takes_no_more_until_one_ends()
    {
        await using var running = await RunningWorker.StartAsync(with: options => options with { Capacity = 1 });

        using var second = await running.Client.StartAsync("ses-2");
        using var end = await running.Client.EndAsync();
        using var third = await running.Client.StartAsync("ses-2");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, second.StatusCode);
        Assert.Equal(HttpStatusCode.OK, third.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Bearer wrong")]
    [InlineData("Basic wrong")]
    [InlineData("x-clone-ticket")]
    public async Task The_control_port_takes_only_the_workers_secret(string authorization)
    {
        await using var running = await RunningWorker.StartAsync();
        foreach (var (method, path) in new[] { (HttpMethod.Get, "/status"), (HttpMethod.Put, "/placements/x"), (HttpMethod.Delete, "/placements/ses-1") })
        {
            using var answer = await running.Client.ControlAsync(method, path, authorization: authorization);

            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
        }

        Assert.Single((await running.Client.StatusAsync()).Placements);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/relative")]
    public async Task A_request_without_a_public_address_is_the_gateways_fault(string? baseUrl)
    {
        await using var running = await RunningWorker.StartAsync();

        Assert.Equal(400, (await running.Client.GetAsync("/api/user", ("x-clone-base-url", baseUrl))).Code);
    }

    [Fact]
    public async Task Status_says_what_it_is_and_what_can_be_started()
    {
        await using var running = await RunningWorker.StartAsync();

        var status = await running.Client.StatusAsync();

        Assert.Equal(running.Worker.WorkerId, status.WorkerId);
        Assert.Equal(1000, status.Capacity);
        var github = Assert.Single(status.Catalogue);
        Assert.Equal("github", github.Id);
        Assert.Equal(["empty", "small-project"], github.Seeds.Select(seed => seed.Id));
    }
}
