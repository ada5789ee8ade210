using ControlPlane.Hosting;
using ControlPlane.Wire;

namespace ControlPlane.Forwarding;

/// <summary>What a caller sees when a worker no longer holds what a gateway's ticket names.</summary>
public sealed class RefusedTicketTests : IAsyncLifetime
{
    private const string Refused = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nx-clone-ticket: refused\r\n\r\n";

    private GatewayUnderTest _gateway = null!;

    public async Task InitializeAsync() => _gateway = await GatewayUnderTest.StartAsync();

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [InlineData("GET", "", "")]
    [InlineData("POST", "Content-Length: 5\r\n", "hello")]
    [InlineData("GET", "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n", "")]
    public async Task A_worker_that_does_not_hold_the_session_is_502(string method, string headers, string body)
    {
        WorkerSays(Refused);
        await using var wire = await _gateway.OpenAsync(method, "/api/x", headers);
        await wire.SendAsync(body);
        var head = (await wire.ReadHeadAsync())!;

        Assert.Equal((502, "clone_unreachable"), (head.Status, head["x-route-error"]));
        Assert.InRange(int.Parse(head["Retry-After"]!, System.Globalization.CultureInfo.InvariantCulture), 1, 10);
        Assert.Null(head["x-clone-ticket"]);
    }

    [Fact]
    public async Task After_it_the_next_request_asks_where_the_session_is()
    {
        Assert.Equal(200, await StatusAsync());
        WorkerSays(Refused);
        var granted = 0;
        _gateway.Storage.BeforeWrite = entity => _ = entity.Kind == EntityKinds.Session ? Interlocked.Increment(ref granted) : 0;

        // What is in hand lets it pass, and nobody is asked. An owner that is asked saves that the session was used.
        Assert.Equal((502, 0), (await StatusAsync(), granted));
        Assert.Equal((502, 1), (await StatusAsync(), granted));
    }

    [Fact]
    public async Task A_clones_own_403_passes_as_it_is()
    {
        Assert.Equal(200, await StatusAsync());
        WorkerSays("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nX-Own: 1\r\n\r\nno");
        var granted = 0;
        _gateway.Storage.BeforeWrite = entity => _ = entity.Kind == EntityKinds.Session ? Interlocked.Increment(ref granted) : 0;
        await using var wire = await _gateway.OpenAsync("GET", "/api/x");
        var head = (await wire.ReadHeadAsync())!;

        Assert.Equal((403, "1", null), (head.Status, head["X-Own"], head["x-route-error"]));
        Assert.Equal("no"u8.ToArray(), await wire.ReadBodyAsync(head));
        Assert.Equal((403, 0), (await StatusAsync(), granted));
    }

    private void WorkerSays(string answer) => _gateway.Worker.Answer = async (worker, head) =>
    {
        await worker.ReadBodyAsync(head);
        await worker.SendAsync(answer);
        return true;
    };

    private async Task<int> StatusAsync()
    {
        await using var wire = await _gateway.OpenAsync("GET", "/api/x");
        return (await wire.ReadHeadAsync())!.Status;
    }
}
