using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using ControlPlane.Running;

namespace ControlPlane.Sessions;

/// <summary>Events and faults of the running program, from outside: what a test of an agent would do.</summary>
public sealed class EventTests(SharedProgram shared) : IClassFixture<SharedProgram>
{
    private readonly StandaloneProcess _program = shared.Program;

    [Fact]
    public async Task A_clone_fails_as_it_was_told_to_until_it_is_reset()
    {
        var id = await _program.StartSessionAsync();
        var faults = new
        {
            faults = new object[]
            {
                new { method = "GET", path = "/user", status = 503, message = "busy", times = 1 },
                new { path = "/repos/**", drop = true },
            },
        };
        await _program.CallAsync(HttpMethod.Put, $"/api/sessions/{id}/clones/github/faults", _program.OwnerToken, faults);

        using (var busy = await ReachAsync(id, "/user"))
        {
            Assert.Equal((HttpStatusCode.ServiceUnavailable, """{"message":"busy"}"""), (busy.StatusCode, await busy.Content.ReadAsStringAsync()));
            Assert.False(busy.Headers.Contains("x-route-error"));
        }

        using (var well = await ReachAsync(id, "/user"))
        {
            Assert.Equal(HttpStatusCode.OK, well.StatusCode);
        }

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => ReachAsync(id, "/repos/octocat/small-project"));

        await _program.CallAsync(HttpMethod.Post, $"/api/sessions/{id}/reset", _program.OwnerToken);
        using var after = await ReachAsync(id, "/repos/octocat/small-project");
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    [Fact]
    public async Task A_session_is_followed_until_it_is_stopped()
    {
        var id = await _program.StartSessionAsync();
        using var client = _program.Client(_program.OwnerToken);
        using var answer = await client.GetAsync($"/api/sessions/{id}/events", HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        using var stopped = await _program.DeleteAsync($"/api/sessions/{id}");

        var types = new List<string>();
        while (await lines.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                types.Add(JsonElement.Parse(line[6..]).Text("type"));
            }
        }

        Assert.Equal(["created", "running", "ended"], types);
    }

    private async Task<HttpResponseMessage> ReachAsync(string session, string path)
    {
        using var client = _program.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/runtime/{session}/github/api{path}");
        request.Headers.Add("x-route-authorization", $"Bearer {_program.OwnerToken}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "any");
        return await client.SendAsync(request);
    }
}
