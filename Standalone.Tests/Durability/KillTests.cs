using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ControlPlane.Hosting;
using ControlPlane.Running;
using ControlPlane.Storage;
using ControlPlane.Workers;
using ControlPlane.Workspaces;
using Microsoft.Data.Sqlite;
using Xunit.Abstractions;

namespace ControlPlane.Durability;

/// <summary>kill -9 at any moment, while clients write.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Rounds = 6;

    /// <summary>A lease long enough to tell who waits for one.</summary>
    private const string LongLease = "--Leases:Duration=00:00:30";

    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(10);

    /// <summary>These clients start, and are refused, more often in a minute than one address may.</summary>
    private static readonly string[] Settings = ["--Workspaces:SessionsPerMinute=100000", "--Gateway:RefusedTokensPerMinute=100000"];

    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_nothing_is_left_half()
    {
        using var data = new DataFolder();
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        Clients? clients = null;
        for (var round = 0; round < Rounds; round++)
        {
            await using var program = await StandaloneProcess.StartAsync(data.Path, Settings);
            clients ??= await WithRepositoryAsync(program);
            await clients.CheckAsync(program);
            await clients.WriteAsync(program, acknowledgements: random.Next(10, 80), () => _ = program.KillAsync());
        }

        var live = await SettledAsync(data, clients!);
        output.WriteLine($"{Rounds} kills: {clients!.Sessions.Count} sessions, {clients.Keys.Count} keys, {clients.Issues.Count} issues; {live.Count} live");

        // The process is gone, so what it left can be opened: the quota and the placements name the live sessions and no others.
        using (var storage = SqliteStorage.Open(data.Database))
        {
            var workspace = await storage.Store<WorkspaceState>(new EntityKey("workspace", Tenant.Workspace)).ReadAsync(
                CancellationToken.None);
            Assert.Equal(live, workspace!.State!.Live.Order(StringComparer.Ordinal));
        }

        Assert.Equal(live, await PlacementsAsync(data.Worker));
    }

    [Fact]
    public async Task A_revocation_after_a_kill_does_not_wait_for_the_process_that_was_killed()
    {
        using var data = new DataFolder();
        Key key;
        string session;
        await using (var killed = await StandaloneProcess.StartAsync(data.Path, LongLease))
        {
            key = await killed.CreateKeyAsync();
            session = await killed.StartSessionAsync();
            await killed.CallAsync(HttpMethod.Get, $"/runtime/{session}/github/api/user", key.Secret);
            await killed.KillAsync();
        }

        await using var program = await StandaloneProcess.StartAsync(data.Path, LongLease);
        await program.CallAsync(HttpMethod.Get, $"/runtime/{session}/github/api/user", key.Secret);
        var started = TimeProvider.System.GetTimestamp();
        using var revoked = await program.RevokeAsync(key.Id);
        using var stopped = await program.DeleteAsync($"/api/sessions/{session}");
        var took = TimeProvider.System.GetElapsedTime(started);

        output.WriteLine($"First revocation and first stop after a kill: {took.TotalMilliseconds:F0} ms, "
            + $"{revoked.Headers.GetValues("x-archal-revocation").Single()} and {stopped.Headers.GetValues("x-archal-revocation").Single()}");
        Assert.True(took < Quick, $"{took}");
        using var asKey = program.Client(key.Secret);
        using var refused = await asKey.GetAsync("/api/workspaces");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    private static async Task<Clients> WithRepositoryAsync(StandaloneProcess program)
    {
        var session = await program.StartSessionAsync("empty");
        await program.CallAsync(HttpMethod.Post, $"/runtime/{session}/github/api/user/repos", program.OwnerToken, new { name = "written" });
        var clients = new Clients(session);
        clients.Sessions[session] = false;
        return clients;
    }

    /// <summary>The live sessions, when everything that was cut off has been finished or undone; the process is killed then.</summary>
    private static async Task<IReadOnlyList<string>> SettledAsync(DataFolder data, Clients clients)
    {
        await using var program = await StandaloneProcess.StartAsync(data.Path, Settings);
        await clients.CheckAsync(program);
        await Until.TrueAsync("nothing is left to do", () => Task.FromResult(Unfinished(data.Database) == 0));
        using var client = program.Client(program.OwnerToken);
        var listed = await Clients.ListAsync(client);
        await program.KillAsync();
        return [.. listed.Where(session => session.Value == "running").Select(session => session.Key).Order(StringComparer.Ordinal)];
    }

    private static long Unfinished(string database)
    {
        using var connection = new SqliteConnection($"Data Source={database};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM record WHERE kind = 'session' AND state NOT LIKE '%\"toDo\":[]%'";
        return (long)command.ExecuteScalar()!; // A count is never null.
    }

    private static async Task<IReadOnlyList<string>> PlacementsAsync(string directory)
    {
        const string Secret = "of this test alone";
        await using var worker = await CloneWorker.StartAsync(new CloneWorkerOptions { DataDirectory = directory, Secret = Secret });
        using var client = new HttpClient
        {
            BaseAddress = worker.ControlAddress, DefaultRequestHeaders = { Authorization = new("Bearer", Secret) },
        };
        var status = await client.GetFromJsonAsync<JsonElement>("/status");
        return [.. status.GetProperty("placements").EnumerateArray().Select(placement =>
            placement.GetProperty("session").GetString()!).Order(StringComparer.Ordinal)];
    }
}
