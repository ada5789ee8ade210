using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ControlPlane.Running;

namespace ControlPlane.Durability;

/// <summary>A disk that is full: writes are refused and never acknowledged and lost, reads go on, and it recovers with the space.</summary>
public sealed class FullDiskTests
{
    private const int Megabytes = 6;

    [SmallDiskFact]
    public async Task Writes_are_refused_reads_go_on_and_it_recovers()
    {
        using var disk = new SmallDisk(Megabytes);
        var acknowledged = new List<string>();
        await using (var program = await StandaloneProcess.StartAsync(disk.Data, "--Workspaces:SessionsPerMinute=100000"))
        {
            using var client = program.Client(program.OwnerToken);
            acknowledged.Add(await program.StartSessionAsync());
            var clone = $"/runtime/{acknowledged[0]}/github/api/user";
            await program.CallAsync(HttpMethod.Get, clone, program.OwnerToken);
            disk.Fill();

            using var refused = await FirstRefusalAsync(client, acknowledged);
            var envelope = await refused.Content.ReadFromJsonAsync<JsonElement>();
            Assert.True((int)refused.StatusCode >= 500, $"{refused.StatusCode}");
            Assert.Equal(refused.Headers.GetValues("x-route-error").Single(), envelope.GetProperty("code").GetString());
            using var issue = await client.PostAsJsonAsync($"/runtime/{acknowledged[0]}/github/api/user/repos",
                new { name = "lost", description = new string('x', 100_000) });
            Assert.True((int)issue.StatusCode >= 500, $"{issue.StatusCode}");

            // Held facts, and what must be read from the store.
            await program.CallAsync(HttpMethod.Get, clone, program.OwnerToken);
            await program.CallAsync(HttpMethod.Get, $"/api/sessions/{acknowledged[0]}", program.OwnerToken);
            await program.CallAsync(HttpMethod.Get, "/api/sessions", program.OwnerToken);

            disk.Free();
            await Until.TrueAsync("it writes again", () => TryStartAsync(client, acknowledged));
            await program.CallAsync(HttpMethod.Post, $"/runtime/{acknowledged[0]}/github/api/user/repos", program.OwnerToken,
                new { name = "kept" });
            await program.KillAsync();
        }

        await using var next = await StandaloneProcess.StartAsync(disk.Data);
        using var asOwner = next.Client(next.OwnerToken);
        var listed = await Clients.ListAsync(asOwner);
        Assert.All(acknowledged, id => Assert.Equal("running", listed.GetValueOrDefault(id)));
        await next.CallAsync(HttpMethod.Get, $"/runtime/{acknowledged[0]}/github/api/repos/octocat/kept", next.OwnerToken);
    }

    [SmallDiskFact]
    public async Task A_start_on_a_full_disk_is_one_line()
    {
        using var disk = new SmallDisk(Megabytes);
        disk.Fill();

        var (exitCode, _, error) = await StandaloneProcess.RunAsync("--urls", "http://127.0.0.1:0", "--data", disk.Data);

        Assert.True(exitCode == 1, error);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
    }

    private static async Task<HttpResponseMessage> FirstRefusalAsync(HttpClient client, List<string> acknowledged)
    {
        while (true)
        {
            var answer = await StartAsync(client);
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                return answer;
            }

            await TakeAsync(answer, acknowledged);
        }
    }

    private static async Task<bool> TryStartAsync(HttpClient client, List<string> acknowledged)
    {
        var answer = await StartAsync(client);
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            answer.Dispose();
            return false;
        }

        await TakeAsync(answer, acknowledged);
        return true;
    }

    private static Task<HttpResponseMessage> StartAsync(HttpClient client) =>
        client.PostAsJsonAsync("/api/sessions", new { clones = new[] { "github" }, runConfig = new { notes = new string('x', 50_000) } });

    private static async Task TakeAsync(HttpResponseMessage answer, List<string> acknowledged)
    {
        using (answer)
        {
            acknowledged.Add((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("sessionId").GetString()!);
        }
    }
}
