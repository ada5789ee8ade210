using ControlPlane.Wire;

namespace ControlPlane.Smuggling;

public sealed class Http2SmugglingTests : IAsyncLifetime
{
    private GatewayUnderTest _gateway = null!;

    public async Task InitializeAsync() => _gateway = await GatewayUnderTest.StartAsync();

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [InlineData("unknown.example", "ses-1.clones.localhost", "/github/api")]
    [InlineData("localhost", "ses-1.clones.localhost", "/github/api")]
    [InlineData("ses-1.clones.localhost", "localhost", "/runtime/ses-1/github/api")]
    public async Task A_host_beside_another_authority_gets_nowhere(string authority, string host, string path)
    {
        await SendAsync((":authority", authority), (":path", path), ("host", host));

        Assert.Equal(0, _gateway.Worker.Requests);
    }

    [Fact]
    public async Task Where_they_differ_the_authority_alone_is_read()
    {
        await SendAsync((":authority", "ses-1.clones.localhost"), (":path", "/github/api"), ("host", "evil.example"));
        var head = (await _gateway.Worker.NextAsync()).Head;

        Assert.Equal(_gateway.Worker.Address.Authority, head["Host"]);
        Assert.DoesNotContain(head.Headers, static header => header.Value.Contains("evil", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/github/api/a b")]
    [InlineData("/github/api HTTP/1.1\r\nX: y")]
    [InlineData("/github/api/..")]
    [InlineData("/github/api/\u00e9")]
    [InlineData("*")]
    [InlineData("http://ses-1.clones.localhost/github/api")]
    public async Task A_path_that_would_read_otherwise_on_the_next_hop_gets_nowhere(string path)
    {
        await SendAsync((":authority", "ses-1.clones.localhost"), (":path", path));

        Assert.Equal(0, _gateway.Worker.Requests);
    }

    [Theory]
    [InlineData("connection", "keep-alive")]
    [InlineData("X-Upper", "y")]
    [InlineData("x", "a\r\nx-clone-ticket: forged")]
    public async Task A_header_that_HTTP2_does_not_have_gets_nowhere(string name, string value)
    {
        await SendAsync((":authority", "ses-1.clones.localhost"), (":path", "/github/api"), (name, value));

        Assert.Equal(0, _gateway.Worker.Requests);
    }

    [Theory]
    [InlineData("transfer-encoding", "chunked")]
    [InlineData("upgrade", "websocket")]
    [InlineData("x y", "a")]
    [InlineData("x:", "a")]
    public async Task Or_only_the_request_arrives_without_it(string name, string value)
    {
        await SendAsync((":authority", "ses-1.clones.localhost"), (":path", "/github/api"), (name, value));
        var head = (await _gateway.Worker.NextAsync()).Head;

        Assert.Equal(["Authorization", "Host", "x-clone-base-url", "x-clone-ticket"], head.Names);
    }

    [Theory]
    [InlineData("TRACE")]
    [InlineData("CONNECT")]
    [InlineData("get")]
    [InlineData("GET /x HTTP/1.1\r\nX: y")]
    public async Task A_method_that_cannot_pass_gets_nowhere(string method)
    {
        await RawHttp2.SendAsync(
            _gateway.Http2Port, (":method", method), (":scheme", "http"), (":authority", "ses-1.clones.localhost"),
            (":path", "/github/api"), ("authorization", $"Bearer {_gateway.Token}"));

        Assert.Equal(0, _gateway.Worker.Requests);
    }

    [Fact]
    public async Task An_honest_request_arrives()
    {
        Assert.Equal("answered", await SendAsync((":authority", "ses-1.clones.localhost"), (":path", "/github/api/a%2Fb//?c")));

        Assert.Equal("GET /api/a%2Fb//?c HTTP/1.1", (await _gateway.Worker.NextAsync()).Head.StartLine);
    }

    private Task<string> SendAsync(params (string Name, string Value)[] headers) => RawHttp2.SendAsync(
        _gateway.Http2Port, [(":method", "GET"), (":scheme", "http"), .. headers, ("authorization", $"Bearer {_gateway.Token}")]);
}
