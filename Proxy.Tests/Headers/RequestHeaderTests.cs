using ControlPlane.Wire;

namespace ControlPlane.Headers;

/// <summary>What the worker gets to see of a caller's headers, seen on its socket.</summary>
public sealed class RequestHeaderTests : IAsyncLifetime
{
    private GatewayUnderTest _gateway = null!;

    public async Task InitializeAsync() => _gateway = await GatewayUnderTest.StartAsync();

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [InlineData("x-archal-anything: 1")]
    [InlineData("X_Archal_Anything: 1")]
    [InlineData("x-archal-upstream-authorization: Bearer dropped-in-the-route-dialect")]
    [InlineData("x-clone-own: forged")]
    [InlineData("x_clone_own: forged")]
    [InlineData("Forwarded: for=1.2.3.4")]
    [InlineData("X-Forwarded-For: 1.2.3.4")]
    [InlineData("X_Forwarded_Host: evil")]
    [InlineData("Keep-Alive: timeout=5")]
    [InlineData("Proxy-Authorization: Basic x")]
    [InlineData("Proxy-Connection: keep-alive")]
    [InlineData("TE: trailers")]
    [InlineData("Trailer: X-Own")]
    [InlineData("HTTP2-Settings: AAAA")]
    [InlineData("Connection: X-Own\r\nX-Own: 1")]
    [InlineData("Connection: close, x-OWN\r\nX-Own: 1")]
    [InlineData("Sec-WebSocket-Protocol: archal.bearer.AAAA")]
    public async Task It_does_not_see(string lines)
    {
        var received = await SeenAsync(lines);

        Assert.Equal(["Host", "x-clone-base-url", "x-clone-ticket"], received.Names);
    }

    [Theory]
    [InlineData("traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    [InlineData("Cookie: a=b; c=d")]
    [InlineData("Accept-Encoding: gzip, br")]
    [InlineData("If-None-Match: W/\"abc\", \"d\"")]
    [InlineData("User-Agent: curl/8 (a, b)")]
    [InlineData("Authorization: Basic abc, def")]
    [InlineData("X-Route: x")]
    [InlineData("X-Cloned: x")]
    [InlineData("Upgrade-Insecure-Requests: 1")]
    [InlineData("Range: bytes=0-1")]
    [InlineData("X-Empty: ")]
    public async Task It_sees(string line)
    {
        var parts = line.Split(": ", 2);

        Assert.Equal(parts[1], (await SeenAsync(line))[parts[0]]);
    }

    [Fact]
    public async Task What_the_gateway_adds_is_its_own_alone()
    {
        var seen = await SeenAsync(
            "x-clone-ticket: forged\r\nX_Clone_Ticket: forged\r\nx-clone-base-url: http://evil\r\nX-Clone_Base-Url: http://evil");

        Assert.Equal(_gateway.Ticket("github"), seen["x-clone-ticket"]);
        Assert.Equal($"http://127.0.0.1:{_gateway.Port}/runtime/ses-1/github", seen["x-clone-base-url"]);
        Assert.DoesNotContain(seen.Headers, static header => header.Name.Contains('_', StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_outer_credential_is_nowhere_in_what_the_worker_received()
    {
        var seen = await SeenAsync("Authorization: Bearer service");

        Assert.Equal("Bearer service", seen["Authorization"]);
        Assert.DoesNotContain(_gateway.Token, seen.StartLine + string.Concat(seen.Headers), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Connection: Host")]
    [InlineData("Connection: content-length")]
    [InlineData("Connection: Content_Length")]
    [InlineData("Connection: keep-alive, Transfer-Encoding")]
    [InlineData("Connection: authorization")]
    [InlineData("Connection: x-route-authorization")]
    [InlineData("Connection: x-archal-upstream-authorization")]
    [InlineData("Connection: x-clone-ticket")]
    [InlineData("Connection: x_clone_ticket")]
    [InlineData("Upgrade: h2c")]
    [InlineData("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAAA")]
    [InlineData("Connection: Upgrade\r\nUpgrade: SPDY/3")]
    [InlineData("Connection: Upgrade\r\nUpgrade: websocket, h2c")]
    [InlineData("Connection: Upgrade\r\nUpgrade: websocket\r\nUpgrade: h2c")]
    public async Task A_trick_with_the_connection_is_refused(string lines)
    {
        await using var wire = await _gateway.OpenAsync("GET", "/api/x", lines + "\r\n");
        var head = (await wire.ReadHeadAsync())!;

        Assert.Equal((400, "request_invalid"), (head.Status, head["x-route-error"]));
        Assert.Equal(0, _gateway.Worker.Requests);
    }

    private async Task<Head> SeenAsync(string lines)
    {
        await using var wire = await _gateway.OpenAsync("GET", "/api/x", lines + "\r\n");
        Assert.Equal(200, (await wire.ReadHeadAsync())!.Status);
        return (await _gateway.Worker.NextAsync()).Head;
    }
}
