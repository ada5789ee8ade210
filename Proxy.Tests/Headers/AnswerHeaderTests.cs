using System.Net;
using ControlPlane.Wire;

namespace ControlPlane.Headers;

/// <summary>What a caller gets to see of a clone's headers.</summary>
public sealed class AnswerHeaderTests : IAsyncLifetime
{
    private const string PathForm = "/runtime/ses-1/github/api";

    private GatewayUnderTest _gateway = null!;

    public async Task InitializeAsync() => _gateway = await GatewayUnderTest.StartAsync();

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [InlineData("x-route-error: credential_invalid")]
    [InlineData("X_Route_Error: credential_invalid")]
    [InlineData("x-archal-request-id: forged")]
    [InlineData("x_archal_anything: forged")]
    [InlineData("x-clone-ticket: leaked")]
    [InlineData("Alt-Svc: h3=\":443\"")]
    [InlineData("Keep-Alive: timeout=5")]
    [InlineData("Proxy-Authenticate: Basic")]
    [InlineData("Upgrade: h2c")]
    [InlineData("Connection: X-Own\r\nX-Own: 1")]
    public async Task A_caller_does_not_see(string lines)
    {
        var head = await AnsweredAsync(lines, "Host: ses-1.clones.localhost", "/github/api");

        Assert.Equal(["Content-Length", "Content-Type", "Date"], head.Names);
    }

    [Fact]
    public async Task An_answer_without_a_body_is_no_page()
    {
        var head = await AnsweredAsync("", "Host: localhost", PathForm, "", "204 No Content", "0");

        Assert.Equal(["Date"], head.Names);
    }

    [Theory]
    [InlineData("a=b", "a=b", "a=b; Path=/runtime/ses-1/github")]
    [InlineData("a=b; Domain=clones.localhost", "a=b", "a=b; Path=/runtime/ses-1/github")]
    [InlineData("a=b; path=/; DOMAIN = x ;HttpOnly", "a=b; path=/;HttpOnly", "a=b;HttpOnly; Path=/runtime/ses-1/github")]
    [InlineData("domain=b; Secure", "domain=b; Secure", "domain=b; Secure; Path=/runtime/ses-1/github")]
    [InlineData("a=b; Path=/runtime/ses-2/slack; Path=/", "a=b; Path=/runtime/ses-2/slack; Path=/", "a=b; Path=/runtime/ses-1/github")]
    public async Task A_clones_cookies_stay_with_the_clone(string cookie, string inHostForm, string inPathForm)
    {
        var lines = $"Set-Cookie: {cookie}\r\nSet-Cookie: second=1; Domain=x";

        var host = await AnsweredAsync(lines, "Host: ses-1.clones.localhost", "/github/api");
        var path = await AnsweredAsync(lines, "Host: localhost", "/runtime/SES-1/github/api");

        Assert.Equal([inHostForm, "second=1"], host.All("Set-Cookie"));
        Assert.Equal([inPathForm, "second=1; Path=/runtime/ses-1/github"], path.All("Set-Cookie"));
    }

    [Theory]
    [InlineData("text/html; charset=utf-8", true)]
    [InlineData("application/xhtml+xml", true)]
    [InlineData("image/svg+xml", true)]
    [InlineData("", true)]
    [InlineData("application/json", false)]
    public async Task A_page_from_a_clone_is_in_a_sandbox_where_clones_share_an_origin(string contentType, bool isInSandbox)
    {
        var lines = contentType.Length == 0 ? "" : $"Content-Type: {contentType}";

        var host = await AnsweredAsync(lines, "Host: ses-1.clones.localhost", "/github/api", "");
        var path = await AnsweredAsync(lines, "Host: localhost", PathForm, "");

        Assert.Empty(host.All("Content-Security-Policy"));
        Assert.Equal(isInSandbox ? ["sandbox"] : [], path.All("Content-Security-Policy"));
    }

    [Fact]
    public async Task A_clones_own_policy_stays_beside_the_sandbox()
    {
        const string Own = "Content-Security-Policy: default-src 'none'";
        var head = await AnsweredAsync(Own, "Host: localhost", PathForm, "Content-Type: text/html");

        Assert.Equal(["default-src 'none'", "sandbox"], head.All("Content-Security-Policy"));
    }

    [Fact]
    public async Task Trailers_pass_but_not_in_our_name()
    {
        _gateway.Worker.Answer = static async (wire, _) =>
        {
            await wire.SendAsync(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: x-checksum\r\n\r\n"
                + "3\r\nabc\r\n0\r\nx-checksum: 9\r\nx-route-error: forged\r\n\r\n");
            return true;
        };
        // The server sends trailers over HTTP/2 alone.
        using var http = new HttpClient();
        (http.DefaultRequestVersion, http.DefaultVersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
        http.DefaultRequestHeaders.Add("x-route-authorization", $"Bearer {_gateway.Token}");
        using var answer = await http.GetAsync(new Uri($"http://localhost:{_gateway.Http2Port}/runtime/ses-1/github/api"));

        Assert.Equal("abc", await answer.Content.ReadAsStringAsync());
        Assert.Equal("x-checksum", Assert.Single(answer.TrailingHeaders).Key);
    }

    [Fact]
    public async Task Callers_do_not_share_a_jar_of_cookies()
    {
        await AnsweredAsync("Set-Cookie: secret=of-the-first", "Host: localhost", PathForm);
        _gateway.Worker.Answer = null;
        await using var second = await _gateway.OpenAsync("GET", "/api/x");
        Assert.Equal(200, (await second.ReadHeadAsync())!.Status);

        Assert.Null((await _gateway.Worker.NextAsync()).Head["Cookie"]);
    }

    [Fact]
    public async Task A_redirect_is_the_callers_to_follow_and_a_compressed_body_its_to_open()
    {
        const string Lines = "Location: http://elsewhere/\r\nContent-Encoding: gzip";
        var head = await AnsweredAsync(Lines, "Host: localhost", PathForm, status: "302 Found");

        Assert.Equal((302, "http://elsewhere/", "gzip"), (head.Status, head["Location"], head["Content-Encoding"]));
    }

    private async Task<Head> AnsweredAsync(
        string lines, string host, string target, string contentType = "Content-Type: application/json", string status = "200 OK",
        string length = "2")
    {
        _gateway.Worker.Answer = async (wire, _) =>
        {
            var headers = string.Concat(new[] { lines, contentType }.Where(static line => line != "").Select(static line => line + "\r\n"));
            await wire.SendAsync($"HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\n\r\n{(length == "2" ? "ok" : "")}");
            return true;
        };
        return (await _gateway.SendRawAsync($"GET {target} HTTP/1.1\r\n{host}\r\nAuthorization: Bearer {_gateway.Token}\r\n\r\n"))!.Head;
    }
}
