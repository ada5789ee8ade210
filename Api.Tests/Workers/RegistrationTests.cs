using System.Net;
using System.Net.Http.Json;

namespace ControlPlane.Workers;

/// <summary>Who may register as a worker, over real HTTP (contract 2.6).</summary>
public sealed class RegistrationTests
{
    private static readonly Uri Loopback = new("http://127.0.0.1:7000");

    [Fact]
    public async Task A_new_worker_is_given_an_id_and_a_secret_of_its_own_and_registers_with_them()
    {
        await using var silo = await TestSilo.StartAsync();
        var first = await JoinAsync(silo);
        var second = await JoinAsync(silo);
        using var registered = await silo.PostAsync("/workers/register", TestSilo.JoinToken, Registration(first));

        Assert.Equal(HttpStatusCode.OK, registered.StatusCode);
        Assert.Matches("^wrk-[0-9a-z]{26}$", first.WorkerId);
        Assert.NotEqual(first.WorkerId, second.WorkerId);
        Assert.NotEqual(first.Secret, second.Secret);
        Assert.Equal(new WorkerAddress(Loopback, Loopback, first.Secret), await silo.Entities.Workers.ReachAsync(first.WorkerId));
        Assert.Null(await silo.Entities.Workers.ReachAsync(second.WorkerId));
    }

    [Theory]
    [InlineData(""), InlineData("wrong"), InlineData("wrong, but as long as the one that is right")]
    public async Task Without_the_join_token_nobody_registers(string token)
    {
        await using var silo = await TestSilo.StartAsync();

        using var joining = await silo.PostAsync("/workers/register", token, new WorkerRegistration());
        using var returning = await silo.PostAsync("/workers/register", token, Registration(await JoinAsync(silo)));

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (joining.StatusCode, returning.StatusCode));
        Assert.Empty(await joining.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData(""), InlineData("anything")]
    public async Task Where_no_join_token_is_set_nobody_registers_at_all(string token)
    {
        await using var silo = await TestSilo.StartAsync([]);

        using var joining = await silo.PostAsync("/workers/register", token, new WorkerRegistration());

        Assert.Equal(HttpStatusCode.Unauthorized, joining.StatusCode);
    }

    [Fact]
    public async Task A_known_id_needs_its_own_secret_and_the_join_token_does_not_help()
    {
        await using var silo = await TestSilo.StartAsync();
        var (one, other) = (await JoinAsync(silo), await JoinAsync(silo));
        using var registered = await silo.PostAsync("/workers/register", TestSilo.JoinToken, Registration(one));

        // Also before anybody has heard of it, as after a restart of every silo.
        foreach (var forget in new[] { false, true })
        {
            if (forget)
            {
                silo.Forget();
            }

            foreach (var secret in new[] { other.Secret, "guessed", "", null })
            {
                using var refused = await silo.PostAsync("/workers/register", TestSilo.JoinToken, Registration(one) with { Secret = secret });
                Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            }
        }

        using var nameless = await silo.PostAsync("/workers/register", TestSilo.JoinToken, Registration(one) with { WorkerId = null });
        Assert.Equal(HttpStatusCode.Unauthorized, nameless.StatusCode);
    }

    [Theory]
    [InlineData("http://10.1.2.3:7000"), InlineData("http://192.0.2.1:7000"), InlineData("http://0.0.0.0:7000"), InlineData("http://[::2]:7000")]
    [InlineData("https://127.0.0.1:7000"), InlineData("http://127.0.0.1:7000/path"), InlineData("http://user@127.0.0.1:7000"), InlineData("/relative")]
    public async Task An_address_outside_of_the_allowed_networks_is_not_called(string url)
    {
        await using var silo = await TestSilo.StartAsync();
        var joined = await JoinAsync(silo);
        var outside = new Uri(url, UriKind.RelativeOrAbsolute);

        using var data = await silo.PostAsync("/workers/register", TestSilo.JoinToken, Registration(joined, data: outside));
        using var control = await silo.PostAsync("/workers/register", TestSilo.JoinToken, Registration(joined, control: outside));

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (data.StatusCode, control.StatusCode));
        Assert.Null(await silo.Entities.Workers.ReachAsync(joined.WorkerId));
    }

    [Fact]
    public async Task A_heartbeat_cannot_move_a_worker_outside_of_the_allowed_networks()
    {
        await using var silo = await TestSilo.StartAsync();
        var joined = await JoinAsync(silo);
        using var registered = await silo.PostAsync("/workers/register", TestSilo.JoinToken, Registration(joined));

        using var moved = await silo.PostAsync($"/workers/{joined.WorkerId}/beat", joined.Secret, Presence(data: new Uri("http://10.1.2.3:7000")));

        Assert.Equal(HttpStatusCode.NotFound, moved.StatusCode);
        Assert.Equal(Loopback, (await silo.Entities.Workers.LocateAsync(joined.WorkerId)).Data);
    }

    [Fact]
    public async Task Whoever_calls_from_outside_of_the_allowed_networks_is_refused_with_the_right_token_too()
    {
        await using var silo = await TestSilo.StartAsync(("JoinToken", TestSilo.JoinToken), ("AllowedNetworks:0", "10.0.0.0/8"));

        using var joining = await silo.PostAsync("/workers/register", TestSilo.JoinToken, new WorkerRegistration());

        Assert.Equal(HttpStatusCode.Forbidden, joining.StatusCode);
    }

    [Fact]
    public async Task A_heartbeat_needs_the_workers_own_secret_and_a_registration_before_it()
    {
        await using var silo = await TestSilo.StartAsync();
        var joined = await JoinAsync(silo);
        var path = $"/workers/{joined.WorkerId}/beat";

        using var before = await silo.PostAsync(path, joined.Secret, Presence());
        using var registered = await silo.PostAsync("/workers/register", TestSilo.JoinToken, Registration(joined));
        using var taken = await silo.PostAsync(path, joined.Secret, Presence());
        using var byToken = await silo.PostAsync(path, TestSilo.JoinToken, Presence());
        using var byNobody = await silo.PostAsync(path, "", Presence());
        silo.Forget();
        using var after = await silo.PostAsync(path, joined.Secret, Presence());

        Assert.Equal(HttpStatusCode.NotFound, before.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, taken.StatusCode);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (byToken.StatusCode, byNobody.StatusCode));
        Assert.Equal(HttpStatusCode.NotFound, after.StatusCode);
    }

    [Theory]
    [InlineData("Workers:JoinToken", "short"), InlineData("Workers:AllowedNetworks:0", "10.0.0.0/99"), InlineData("Workers:BeatSeconds", "60")]
    public async Task Options_that_cannot_be_are_found_at_the_start(string name, string value) =>
        await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => TestSilo.StartAsync((name["Workers:".Length..], value)));

    [Fact]
    public async Task No_secret_is_in_the_log()
    {
        await using var silo = await TestSilo.StartAsync();
        var joined = await JoinAsync(silo);
        using var registered = await silo.PostAsync("/workers/register", TestSilo.JoinToken, Registration(joined));

        Assert.Contains(silo.Log.Lines, line => line.Contains(joined.WorkerId, StringComparison.Ordinal));
        Assert.DoesNotContain(silo.Log.Lines, line =>
            line.Contains(joined.Secret, StringComparison.Ordinal) || line.Contains(TestSilo.JoinToken, StringComparison.Ordinal));
    }

    private static async Task<WorkerRegistered> JoinAsync(TestSilo silo)
    {
        using var answer = await silo.PostAsync("/workers/register", TestSilo.JoinToken, new WorkerRegistration());
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<WorkerRegistered>())!; // A success has it.
    }

    private static WorkerRegistration Registration(WorkerRegistered joined, Uri? data = null, Uri? control = null) =>
        new(joined.WorkerId, joined.Secret, Presence(data, control));

    private static WorkerPresence Presence(Uri? data = null, Uri? control = null) => new(data ?? Loopback, control ?? Loopback, 10, false, [], []);
}
