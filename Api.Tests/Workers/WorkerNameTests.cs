using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;

namespace ControlPlane.Workers;

/// <summary>Workers that advertise names, while the resolver is away, slow, or gives several addresses (contract 2.6).</summary>
public sealed class WorkerNameTests
{
    private static readonly Uri Named = new("http://worker-1.test:7000");

    [Fact]
    public async Task A_heartbeat_while_the_resolver_is_away_keeps_the_worker_where_it_was()
    {
        await using var silo = await TestSilo.StartAsync();
        silo.Resolver = Gives("127.0.0.1");
        var joined = await JoinAsync(silo);
        using var registered = await RegisterAsync(silo, joined);

        silo.Resolver = Away;
        using var first = await BeatAsync(silo, joined);
        using var second = await BeatAsync(silo, joined);

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent), (first.StatusCode, second.StatusCode));
        Assert.Equal(new Uri("http://127.0.0.1:7000"), (await silo.Entities.Workers.LocateAsync(joined.WorkerId)).Data);
        Assert.Single(silo.Log.Lines, line => line.Contains("cannot be resolved:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_resolver_that_never_answers_is_not_waited_for()
    {
        await using var silo = await TestSilo.StartAsync();
        silo.Resolver = Gives("127.0.0.1");
        var joined = await JoinAsync(silo);
        using var registered = await RegisterAsync(silo, joined);

        silo.Resolver = (_, _) => new TaskCompletionSource<IPAddress[]>().Task;
        using var beat = await BeatAsync(silo, joined);

        Assert.Equal(HttpStatusCode.NoContent, beat.StatusCode);
    }

    [Fact]
    public async Task A_registration_while_the_resolver_is_away_is_for_later_and_not_refused()
    {
        await using var silo = await TestSilo.StartAsync();
        var joined = await JoinAsync(silo);

        silo.Resolver = Away;
        using var early = await RegisterAsync(silo, joined);
        silo.Resolver = Gives("127.0.0.1");
        using var later = await RegisterAsync(silo, joined);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (early.StatusCode, later.StatusCode));
        Assert.True(early.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_heartbeat_of_a_worker_that_is_known_nowhere_does_not_make_it_register_while_the_resolver_is_away()
    {
        await using var silo = await TestSilo.StartAsync();
        silo.Resolver = Gives("127.0.0.1");
        var joined = await JoinAsync(silo);
        using var registered = await RegisterAsync(silo, joined);

        silo.Forget();
        silo.Resolver = Away;
        using var beat = await BeatAsync(silo, joined);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, beat.StatusCode);
    }

    [Fact]
    public async Task Another_port_is_not_taken_for_the_address_that_was_checked()
    {
        await using var silo = await TestSilo.StartAsync();
        silo.Resolver = Gives("127.0.0.1");
        var joined = await JoinAsync(silo);
        using var registered = await RegisterAsync(silo, joined);

        silo.Resolver = Away;
        using var beat = await BeatAsync(silo, joined, new Uri("http://worker-1.test:7001"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, beat.StatusCode);
    }

    [Fact]
    public async Task Of_several_addresses_the_one_that_is_known_is_kept_in_whatever_order_they_come()
    {
        await using var silo = await TestSilo.StartAsync();
        silo.Resolver = Gives("127.0.0.3", "127.0.0.2");
        var joined = await JoinAsync(silo);
        using var registered = await RegisterAsync(silo, joined);
        var first = (await silo.Entities.Workers.LocateAsync(joined.WorkerId)).Data;

        silo.Resolver = Gives("127.0.0.1", "127.0.0.3", "127.0.0.2");
        using var beat = await BeatAsync(silo, joined);
        var second = (await silo.Entities.Workers.LocateAsync(joined.WorkerId)).Data;

        Assert.Equal((new Uri("http://127.0.0.2:7000"), new Uri("http://127.0.0.2:7000")), (first, second));
    }

    [Fact]
    public async Task A_name_with_any_address_outside_is_refused()
    {
        await using var silo = await TestSilo.StartAsync();
        silo.Resolver = Gives("127.0.0.1", "10.1.2.3");

        using var registered = await RegisterAsync(silo, await JoinAsync(silo));

        Assert.Equal(HttpStatusCode.Forbidden, registered.StatusCode);
    }

    private static Task<IPAddress[]> Away(string name, CancellationToken cancellationToken) =>
        Task.FromException<IPAddress[]>(new SocketException((int)SocketError.TryAgain));

    private static NameResolver Gives(params string[] addresses) => (_, _) => Task.FromResult(addresses.Select(IPAddress.Parse).ToArray());

    private static async Task<WorkerRegistered> JoinAsync(TestSilo silo)
    {
        using var answer = await silo.PostAsync("/workers/register", TestSilo.JoinToken, new WorkerRegistration());
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<WorkerRegistered>())!; // A success has it.
    }

    private static Task<HttpResponseMessage> RegisterAsync(TestSilo silo, WorkerRegistered joined) =>
        silo.PostAsync("/workers/register", TestSilo.JoinToken, new WorkerRegistration(joined.WorkerId, joined.Secret, Presence(Named)));

    private static Task<HttpResponseMessage> BeatAsync(TestSilo silo, WorkerRegistered joined, Uri? data = null) =>
        silo.PostAsync($"/workers/{joined.WorkerId}/beat", joined.Secret, Presence(data ?? Named));

    private static WorkerPresence Presence(Uri data) => new(data, Named, 10, false, [], []);
}
