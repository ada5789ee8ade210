using System.Net;
using System.Net.Sockets;
using ControlPlane.Errors;
using ControlPlane.Sessions;

namespace ControlPlane.Workers;

/// <summary>Real worker processes that join a silo's listener, die, come back and drain (contract 2.6).</summary>
public sealed class JoinedWorkerTests
{
    private static readonly HttpClient Http = new();

    [Fact]
    public async Task A_worker_joins_and_sessions_run_on_it()
    {
        await using var silo = await TestSilo.StartAsync();
        await using var worker = new JoinedProcess(silo.Address);
        await worker.StartAsync();

        var fact = (await silo.AskAsync(await silo.SessionAsync())).Fact!;

        Assert.Equal(worker.Data, fact.Worker);
        Assert.Equal(HttpStatusCode.OK, (await CallAsync(fact, HttpMethod.Get, "/api/user")).Status);
        Assert.Equal("github", Assert.Single(await silo.Entities.Workers.CatalogueAsync()).Id);
    }

    [Fact]
    public async Task A_worker_that_was_killed_comes_back_with_its_directory_and_goes_on_with_its_sessions_under_new_ports()
    {
        await using var silo = await TestSilo.StartAsync();
        await using var worker = new JoinedProcess(silo.Address);
        await worker.StartAsync();
        var (id, session) = (worker.WorkerId, await silo.SessionAsync());
        var before = (await silo.AskAsync(session)).Fact!;
        Assert.Equal(HttpStatusCode.Created, (await CallAsync(before, HttpMethod.Post, "/api/user/repos", """{"name":"kept"}""")).Status);

        await worker.KillAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => CallAsync(before, HttpMethod.Get, "/api/user"));
        await worker.StartAsync();
        var after = (await silo.AskAsync(session)).Fact!;

        Assert.Equal(id, worker.WorkerId);
        Assert.NotEqual(before.Worker, after.Worker);
        Assert.Equal((worker.Data, before.Epoch, before.Key), (after.Worker, after.Epoch, after.Key));
        Assert.Equal(HttpStatusCode.OK, (await CallAsync(after, HttpMethod.Get, "/api/repos/octocat/kept")).Status);
        Assert.Equal(SessionStatus.Running, (await silo.Entities.Session(session).DescribeAsync(TestSilo.Owner)).Status);
    }

    [Fact]
    public async Task A_worker_that_is_told_to_stop_drains_ends_with_0_and_is_given_nothing_new()
    {
        await using var silo = await TestSilo.StartAsync();
        await using var worker = new JoinedProcess(silo.Address);
        await worker.StartAsync();
        var session = await silo.SessionAsync();

        Assert.Equal(0, await worker.TerminateAsync());

        Assert.Null(await silo.Entities.Workers.PlaceAsync(["github"]));
        Assert.Equal(SessionStatus.Running, (await silo.Entities.Session(session).DescribeAsync(TestSilo.Owner)).Status);

        await worker.StartAsync();
        Assert.Equal(worker.WorkerId, await silo.Entities.Workers.PlaceAsync(["github"]));
        Assert.Equal(HttpStatusCode.OK, (await CallAsync((await silo.AskAsync(session)).Fact!, HttpMethod.Get, "/api/user")).Status);
    }

    [Fact]
    public async Task A_silo_that_knows_nobody_any_more_is_told_again()
    {
        await using var silo = await TestSilo.StartAsync();
        await using var worker = new JoinedProcess(silo.Address);
        await worker.StartAsync();
        var session = await silo.SessionAsync();

        silo.Forget();
        while ((await silo.Entities.Workers.LocateAsync(worker.WorkerId)).Data is null)
        {
            await Task.Yield();
        }

        Assert.Equal(worker.Data, (await silo.AskAsync(session)).Fact!.Worker);
    }

    [Fact]
    public async Task Any_silo_that_answers_will_do()
    {
        await using var silo = await TestSilo.StartAsync();
        await using var worker = new JoinedProcess(new Uri("http://127.0.0.1:1"), silo.Address);

        await worker.StartAsync();

        Assert.Equal(worker.WorkerId, await silo.Entities.Workers.PlaceAsync(["github"]));
    }

    [Fact]
    public async Task A_worker_that_starts_while_the_silos_resolver_is_away_waits_for_it()
    {
        await using var silo = await TestSilo.StartAsync();
        await using var worker = new JoinedProcess(silo.Address);
        var asked = 0;
        silo.Resolver = (name, stopped) => Interlocked.Increment(ref asked) <= 4
            ? throw new SocketException((int)SocketError.TryAgain)
            : Dns.GetHostAddressesAsync(name, stopped);

        await worker.StartAsync();

        Assert.True(asked > 4);
        Assert.Equal(worker.WorkerId, await silo.Entities.Workers.PlaceAsync(["github"]));
    }

    [Fact]
    public async Task What_the_worker_holds_and_no_session_knows_is_stopped()
    {
        await using var silo = await TestSilo.StartAsync();
        await using var worker = new JoinedProcess(silo.Address);
        await worker.StartAsync();
        var address = (await silo.Entities.Workers.ReachAsync(worker.WorkerId))!;
        using var clients = new WorkerClients();
        var control = clients.At(address);

        await control.StartAsync(new PlacementOrder("ses-nobodys", 1, "its key", new Dictionary<string, string> { ["github"] = "empty" }));
        while ((await control.StatusAsync()).Placements.Count > 0)
        {
            await Task.Yield();
        }

        Assert.Equal(ErrorCode.SessionNotFound, (await Assert.ThrowsAsync<ControlPlaneException>(
            () => silo.Entities.Session("ses-nobodys").DescribeAsync(TestSilo.Owner))).Code);
    }

    [Fact]
    public async Task A_full_worker_says_so_and_another_is_tried()
    {
        await using var silo = await TestSilo.StartAsync();
        await using var small = new JoinedProcess(silo.Address) { More = ["--capacity", "1"] };
        await small.StartAsync();
        using var clients = new WorkerClients();
        var control = clients.At((await silo.Entities.Workers.ReachAsync(small.WorkerId))!);
        var clones = new Dictionary<string, string> { ["github"] = "empty" };

        Assert.Null(await control.StartAsync(new PlacementOrder("ses-1", 1, "one", clones)));
        Assert.Equal(ErrorCode.NoCapacity, (await control.StartAsync(new PlacementOrder("ses-2", 1, "two", clones)))?.Code);
    }

    [Fact]
    public async Task A_wrong_join_token_ends_the_worker_with_the_reason_and_leaves_nothing_behind()
    {
        await using var silo = await TestSilo.StartAsync();
        await using var worker = new JoinedProcess(silo.Address) { Token = "some other token" };

        var (code, error) = await worker.FailAsync();

        Assert.Equal(1, code);
        Assert.Contains("join token", error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(worker.Directory));
    }

    [Fact]
    public async Task A_worker_outside_of_the_allowed_networks_ends_with_the_reason()
    {
        await using var silo = await TestSilo.StartAsync();
        await using var worker = new JoinedProcess(silo.Address) { More = ["--advertise-data", "http://192.0.2.1:7000"] };

        var (code, error) = await worker.FailAsync();

        Assert.Equal(1, code);
        Assert.Contains("AllowedNetworks", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_with_another_secret_is_not_that_worker()
    {
        await using var silo = await TestSilo.StartAsync();
        await using var worker = new JoinedProcess(silo.Address);
        await worker.StartAsync();
        await worker.KillAsync();
        await File.WriteAllTextAsync(Path.Combine(worker.Directory, "worker-secret"), "guessed\n");

        var (code, error) = await worker.FailAsync();

        Assert.Equal(1, code);
        Assert.Contains("secret", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_secret_is_for_its_owner_alone_and_one_that_others_can_read_is_not_used()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await using var silo = await TestSilo.StartAsync();
        await using var worker = new JoinedProcess(silo.Address);
        await worker.StartAsync();
        await worker.KillAsync();
        var secret = Path.Combine(worker.Directory, "worker-secret");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(secret));
        File.SetUnixFileMode(secret, UnixFileMode.UserRead | UnixFileMode.GroupRead);

        var (code, error) = await worker.FailAsync();

        Assert.Equal(1, code);
        Assert.Contains("chmod 600", error, StringComparison.Ordinal);
    }

    private static async Task<(HttpStatusCode Status, string Text)> CallAsync(SessionFact fact, HttpMethod method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(fact.Worker, path));
        request.Headers.Add("x-clone-ticket", $"{fact.SessionId}.github.{fact.Epoch}.{fact.Key}");
        request.Headers.Add("x-clone-base-url", "http://clones.test/runtime/x/github");
        request.Headers.Add("Authorization", "Bearer some-service-token");
        request.Headers.Add("User-Agent", "test");
        request.Content = json is null ? null : new StringContent(json, null, "application/json");
        using var answer = await Http.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
