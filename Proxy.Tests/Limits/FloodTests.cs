using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Headers;
using ControlPlane.Credentials;
using ControlPlane.Telemetry;
using ControlPlane.Wire;

namespace ControlPlane.Limits;

/// <summary>What many requests cost the owners, counted in questions.</summary>
[Collection(RecordedAlone.Name)]
public sealed class FloodTests : IDisposable
{
    private readonly MeterListener _listener = new();
    private int _questions;

    public FloodTests()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Name == "archal.gateway.question.duration")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref _questions));
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task A_thousand_requests_on_a_cold_session_are_two_questions()
    {
        await using var gateway = await GatewayUnderTest.StartAsync();
        using var client = new HttpMessageInvoker(new SocketsHttpHandler { EnableMultipleHttp2Connections = true });

        var statuses = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => StatusAsync(client, gateway, gateway.Token)));

        Assert.All(statuses, status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal((1000, 2), (gateway.Worker.Requests, _questions));
    }

    [Fact]
    public async Task A_token_with_a_wrong_checksum_is_no_question()
    {
        await using var gateway = await GatewayUnderTest.StartAsync();

        var statuses = await FloodAsync(gateway, "127.0.0.2", 500, () => Mistyped(Unknown()));

        Assert.Equal(500, statuses[401]);
        Assert.Equal((0, 0), (gateway.Worker.Requests, _questions));
    }

    [Fact]
    public async Task An_address_that_forges_tokens_gets_twenty_questions_and_good_callers_do_not_notice()
    {
        await using var gateway = await GatewayUnderTest.StartAsync(settings: [("RefusedTokensPerMinute", "20")]);
        const int Good = 500;
        Assert.Equal(1, (await FloodAsync(gateway, "127.0.0.1", 1, () => gateway.Token))[200]);
        _questions = 0;

        // One of the three has the address of the good caller, as behind one load balancer.
        var forged = ((string[])["127.0.0.1", "127.0.0.2", "127.0.0.3"]).Select(from => FloodAsync(gateway, from, 400, Unknown)).ToList();
        var good = FloodAsync(gateway, "127.0.0.1", Good, () => gateway.Token);
        await Task.WhenAll([.. forged, good]);

        Assert.Equal(Good, (await good)[200]);
        Assert.All(await Task.WhenAll(forged), statuses => Assert.Equal(400, statuses[401] + statuses[429]));

        // Twenty each, and one more of each for every three seconds that it took.
        Assert.InRange(_questions, 60, 120);
        Assert.Equal(Good + 1, gateway.Worker.Requests);
    }

    [Fact]
    public async Task Many_requests_with_one_forged_token_while_its_owner_is_slow_leave_the_address_to_others()
    {
        const int Many = 30;
        await using var gateway = await GatewayUnderTest.StartAsync(settings: [("RefusedTokensPerMinute", "20")]);
        using var client = new HttpMessageInvoker(new SocketsHttpHandler { EnableMultipleHttp2Connections = true });
        var forged = Unknown();
        var slow = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Assert.True(Token.TryParse(forged, out _, out var id));
        gateway.Storage.BeforeRead = entity => entity.Key == id ? slow.Task : Task.CompletedTask;

        var asked = Enumerable.Range(0, Many).Select(_ => StatusAsync(client, gateway, forged)).ToList();
        while (gateway.UnderWay < Many)
        {
            await Task.Yield();
        }

        slow.SetResult();
        Assert.All(await Task.WhenAll(asked), status => Assert.Equal(HttpStatusCode.Unauthorized, status));

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, gateway, gateway.Token));
        Assert.InRange(_questions, 3, 20);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpMessageInvoker client, GatewayUnderTest gateway, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://localhost:{gateway.Http2Port}/runtime/{GatewayUnderTest.Session}/github/api")
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
        };
        using var answer = await client.SendAsync(request, CancellationToken.None);
        return answer.StatusCode;
    }

    private static string Unknown() => Token.Create(CredentialKind.WorkspaceKey, Token.NewId());

    private static string Mistyped(string token) => token[..^1] + (token[^1] == '0' ? '1' : '0');

    /// <summary>So many requests one after another from one address; how many got which status.</summary>
    private static async Task<Dictionary<int, int>> FloodAsync(GatewayUnderTest gateway, string from, int count, Func<string> token)
    {
        await using var wire = await RawConnection.ConnectAsync(gateway.Port, from);
        var statuses = new Dictionary<int, int>();
        for (var i = 0; i < count; i++)
        {
            await wire.SendAsync($"GET /runtime/{GatewayUnderTest.Session}/github/api HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token()}\r\n\r\n");
            var head = (await wire.ReadHeadAsync())!;
            await wire.ReadBodyAsync(head);
            statuses[head.Status] = statuses.GetValueOrDefault(head.Status) + 1;
        }

        return statuses;
    }
}
