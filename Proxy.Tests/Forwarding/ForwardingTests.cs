using System.Text;
using ControlPlane.Wire;

namespace ControlPlane.Forwarding;

public sealed class ForwardingTests : IAsyncLifetime
{
    private GatewayUnderTest _gateway = null!;

    public async Task InitializeAsync() => _gateway = await GatewayUnderTest.StartAsync();

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [InlineData("localhost", "/runtime/ses-1/github", "/api/a%2Fb//c?x=%20&y=a\\b", "127.0.0.1:{0}/runtime/ses-1/github")]
    [InlineData("localhost:99", "/runtime/SES-1/GITHUB", "/api", "127.0.0.1:{0}/runtime/ses-1/github")]
    [InlineData("ses-1.clones.localhost", "/github", "/api/%zz?", "ses-1.clones.localhost:{0}/github")]
    [InlineData("SES-1.clones.localhost:1", "/GitHub", "/mcp", "ses-1.clones.localhost:{0}/github")]
    public async Task Both_forms_reach_the_worker_byte_for_byte(string host, string clone, string target, string baseUrl)
    {
        var answer = await _gateway.SendRawAsync(
            $"GET {clone}{target} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {_gateway.Token}\r\n\r\n");
        var received = await _gateway.Worker.NextAsync();

        Assert.Equal((200, "ok"), (answer!.Head.Status, answer.Text));
        Assert.Equal($"GET {target} HTTP/1.1", received.Head.StartLine);
        Assert.Equal("http://" + baseUrl.Replace("{0}", $"{_gateway.Port}", StringComparison.Ordinal), received.Head["x-clone-base-url"]);
        Assert.Equal(_gateway.Ticket("github"), received.Head["x-clone-ticket"]);
        Assert.Equal(_gateway.Worker.Address.Authority, received.Head["Host"]);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    [InlineData("PROPFIND")]
    [InlineData("X-Own")]
    public async Task Every_method_passes_as_it_is(string method)
    {
        await using var wire = await _gateway.OpenAsync(method, "/api/x");
        Assert.Equal(200, (await wire.ReadHeadAsync())!.Status);

        Assert.Equal(method, (await _gateway.Worker.NextAsync()).Head.Method);
    }

    [Theory]
    [InlineData("TRACE")]
    [InlineData("trace")]
    [InlineData("CONNECT")]
    [InlineData("patch")]
    [InlineData("Get")]
    public async Task A_method_that_could_not_pass_as_it_is_does_not_pass(string method)
    {
        await using var wire = await _gateway.OpenAsync(method, "/api/x");
        var head = (await wire.ReadHeadAsync())!;

        Assert.Equal((405, "method_not_allowed"), (head.Status, head["x-route-error"]));
        Assert.Equal(0, _gateway.Worker.Requests);
    }

    [Theory]
    [InlineData("Content-Length: 5\r\n", "hello", "hello")]
    [InlineData("Transfer-Encoding: chunked\r\n", "3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n", "hello")]
    [InlineData("Content-Length: 0\r\n", "", "")]
    [InlineData("Content-Type: text/plain\r\n", "", "")]
    [InlineData("Content-Length: 5\r\nExpect: 100-continue\r\n", "hello", "hello")]
    public async Task Bodies_pass_whatever_their_framing(string headers, string sent, string received)
    {
        _gateway.Worker.Answer = async (wire, head) =>
        {
            if (head["Expect"] is not null)
            {
                await wire.SendAsync("HTTP/1.1 100 Continue\r\n\r\n");
            }

            return await _gateway.Worker.RecordAsync(wire, head);
        };
        await using var wire = await _gateway.OpenAsync("POST", "/api/x", headers);
        await wire.SendAsync(sent);
        var head = await wire.ReadHeadAsync();
        head = head!.Status == 100 ? await wire.ReadHeadAsync() : head;

        Assert.Equal(200, head!.Status);
        var request = await _gateway.Worker.NextAsync();
        Assert.Equal(received, request.Text);
        Assert.Equal(headers.Contains("text/plain", StringComparison.Ordinal) ? "text/plain" : null, request.Head["Content-Type"]);
    }

    [Fact]
    public async Task An_answer_passes_with_its_status_reason_headers_and_body()
    {
        _gateway.Worker.Answer = static async (wire, _) =>
        {
            await wire.SendAsync(
                "HTTP/1.1 418 I'm a teapot, really\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nServer: github.com\r\nX-Own: caf\u00e9\r\n"
                + "Link: <a>; rel=next\r\nLink: <b>; rel=last\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
            return true;
        };
        await using var wire = await _gateway.OpenAsync("GET", "/api/x");
        var head = (await wire.ReadHeadAsync())!;

        Assert.Equal("HTTP/1.1 418 I'm a teapot, really", head.StartLine);
        Assert.Equal("abc", Encoding.ASCII.GetString(await wire.ReadBodyAsync(head)));
        Assert.Equal(("github.com", "caf\u00e9", "Thu, 01 Jan 1970 00:00:00 GMT"), (head["Server"], head["X-Own"], head["Date"]));
        Assert.Equal(["<a>; rel=next", "<b>; rel=last"], head.All("Link"));
    }

    [Fact]
    public async Task Header_values_are_bytes()
    {
        await using var wire = await _gateway.OpenAsync("GET", "/api/x", "X-Own: caf\u00e9 \u00ff\r\n");
        Assert.Equal(200, (await wire.ReadHeadAsync())!.Status);

        Assert.Equal("caf\u00e9 \u00ff", (await _gateway.Worker.NextAsync()).Head["X-Own"]);
    }

    [Fact]
    public async Task A_request_that_goes_well_logs_nothing()
    {
        var before = _gateway.Log.Lines.Count;
        await using var wire = await _gateway.OpenAsync("GET", "/api/x");
        Assert.Equal(200, (await wire.ReadHeadAsync())!.Status);

        Assert.Empty(_gateway.Log.Lines.Skip(before));
    }
}
