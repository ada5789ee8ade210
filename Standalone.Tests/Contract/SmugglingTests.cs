using System.Globalization;
using ControlPlane.Running;

namespace ControlPlane.Contract;

/// <summary>
/// What could make gateway and worker read one stream of bytes as two different requests, or as another than was authorized. The clone counts
/// its requests as GitHub does, so it is known to the request what has reached it.
/// </summary>
[Collection(nameof(FactsInHand))]
public sealed class SmugglingTests(FactsInHand program) : IAsyncLifetime
{
    /// <summary>Sent behind each message: when its answer is there, or the connection has ended before, nothing of the message is under way any more.</summary>
    private const string Last = "GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    private string _session = "";

    public async Task InitializeAsync() => _session = await program.Program.StartSessionAsync();

    public async Task DisposeAsync() => await program.Program.DeleteAsync($"/api/sessions/{_session}");

    // {A}: a valid credential. {C}: the clone's API in the path form. {S}: the session. {D}: a whole request that would delete a repository.
    [Theory]
    [InlineData("DELETE http://localhost{C}/repos/octocat/small-project HTTP/1.1\r\nHost: localhost\r\n{A}\r\n\r\n")]
    [InlineData("DELETE http://evil{C}/repos/octocat/small-project HTTP/1.1\r\nHost: localhost\r\n{A}\r\n\r\n")]
    [InlineData("DELETE http://{S}.clones.localhost/github/api/repos/octocat/small-project HTTP/1.1\r\nHost: localhost\r\n{A}\r\n\r\n")]
    [InlineData("DELETE {C}/repos/octocat/small-project HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n{A}\r\n\r\n")]
    [InlineData("DELETE {C}/repos/octocat/small-project HTTP/1.1\r\nHost: localhost\r\nHost: {S}.clones.localhost\r\n{A}\r\n\r\n")]
    [InlineData("DELETE {C}/repos/octocat/small-project HTTP/1.1\r\n{A}\r\n\r\n")]
    [InlineData("DELETE {C}/repos/octocat/small-project HTTP/1.1\r\nHost: localhost, evil\r\n{A}\r\n\r\n")]
    [InlineData("DELETE {C}/repos/octocat/small-project HTTP/1.1\r\nHost: evil@localhost\r\n{A}\r\n\r\n")]
    [InlineData("DELETE {C}/repos/octocat/small-project HTTP/1.1\r\nHost : localhost\r\n{A}\r\n\r\n")]
    [InlineData("DELETE {C}/repos/octocat/small-project HTTP/1.1\r\nHost: localhost\r\nX: a\r\n folded\r\n{A}\r\n\r\n")]
    [InlineData("DELETE {C}/repos/octocat/small-project HTTP/1.1\r\nHost: localhost\r\n{A}\r\n\tfolded\r\n\r\n")]
    [InlineData("DELETE {C}/repos/octocat/small-project HTTP/1.1\r\nHost: localhost\r\n{A}\r\nX: a\rb\r\n\r\n")]
    [InlineData("DELETE {C}/repos/octocat/small-project HTTP/1.1\r\nHost: localhost\r\n{A}\r\nX: a\0b\r\n\r\n")]
    [InlineData("DELETE {C}/repos/octocat/small-project HTTP/1.1\r\nHost: localhost\r\n{A}\r\nX y: a\r\n\r\n")]
    [InlineData("DELETE {C}/repos/octocat/small-project HTTP/1.1\r\nHost: localhost\r\n{A}\r\n: a\r\n\r\n")]
    [InlineData("DELETE {C}/repos/octocat/small-project\tx HTTP/1.1\r\nHost: localhost\r\n{A}\r\n\r\n")]
    [InlineData("DELETE {C}/repos/octocat/small-project x HTTP/1.1\r\nHost: localhost\r\n{A}\r\n\r\n")]
    [InlineData("DELETE {C}/repos/octocat/small-project\u00e9 HTTP/1.1\r\nHost: localhost\r\n{A}\r\n\r\n")]
    [InlineData("DELETE {C}/repos/octocat/small-project# HTTP/1.1\r\nHost: localhost\r\n{A}\r\n\r\n")]
    [InlineData("DELETE {C}/repos/octocat/./small-project HTTP/1.1\r\nHost: localhost\r\n{A}\r\n\r\n")]
    [InlineData("DELETE {C}/../../{S}/github/api/repos/octocat/small-project HTTP/1.1\r\nHost: localhost\r\n{A}\r\n\r\n")]
    [InlineData("DELETE /runtime/ses-other/../{S}/github/api/repos/octocat/small-project HTTP/1.1\r\nHost: localhost\r\n{A}\r\n\r\n")]
    [InlineData("DELETE /runtime/ses-other%2f..%2f{S}/github/api/repos/octocat/small-project HTTP/1.1\r\nHost: localhost\r\n{A}\r\n\r\n")]
    [InlineData("DELETE {C}/repos/octocat/small-project HTTP/2.0\r\nHost: localhost\r\n{A}\r\n\r\n")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n{D}")]
    [InlineData("POST {C}/user/repos HTTP/1.1\r\nHost: localhost\r\n{A}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{D}")]
    [InlineData("POST {C}/user/repos HTTP/1.1\r\nHost: localhost\r\n{A}\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n{D}")]
    [InlineData("POST {C}/user/repos HTTP/1.1\r\nHost: localhost\r\n{A}\r\nContent-Length: 0\r\nContent-Length: 6\r\n\r\n{D}")]
    [InlineData("POST {C}/user/repos HTTP/1.1\r\nHost: localhost\r\n{A}\r\nContent-Length: 0, 0\r\n\r\n{D}")]
    [InlineData("POST {C}/user/repos HTTP/1.1\r\nHost: localhost\r\n{A}\r\nContent-Length: -5\r\n\r\n{D}")]
    [InlineData("POST {C}/user/repos HTTP/1.1\r\nHost: localhost\r\n{A}\r\nContent-Length: 0x0\r\n\r\n{D}")]
    [InlineData("POST {C}/user/repos HTTP/1.1\r\nHost: localhost\r\n{A}\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n{D}")]
    [InlineData("POST {C}/user/repos HTTP/1.1\r\nHost: localhost\r\n{A}\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n{D}")]
    [InlineData("POST {C}/user/repos HTTP/1.1\r\nHost: localhost\r\n{A}\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n{D}")]
    [InlineData("POST {C}/user/repos HTTP/1.1\r\nHost: localhost\r\n{A}\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n{D}")]
    [InlineData("POST {C}/user/repos HTTP/1.1\r\nHost: localhost\r\n{A}\r\nTransfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n{D}")]
    [InlineData("TRACE {C}/user HTTP/1.1\r\nHost: localhost\r\n{A}\r\n\r\n")]
    [InlineData("CONNECT localhost:80 HTTP/1.1\r\nHost: localhost:80\r\n{A}\r\n\r\n{D}")]
    [InlineData("CONNECT {C} HTTP/1.1\r\nHost: localhost\r\n{A}\r\n\r\n{D}")]
    [InlineData("delete {C}/repos/octocat/small-project HTTP/1.1\r\nHost: localhost\r\n{A}\r\n\r\n")]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: {S}.clones.localhost\r\n{A}\r\n\r\n")]
    [InlineData("DELETE {C}/repos/octocat/small-project HTTP/1.1\r\nHost: localhost\r\n{A}\r\nConnection: host\r\n\r\n")]
    [InlineData("POST {C}/user/repos HTTP/1.1\r\nHost: localhost\r\n{A}\r\nConnection: close, content-length\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("DELETE {C}/repos/octocat/small-project HTTP/1.1\r\nHost: localhost\r\n{A}\r\nConnection: authorization\r\n\r\n")]
    [InlineData("DELETE {C}/repos/octocat/small-project HTTP/1.1\r\nHost: localhost\r\n{A}\r\nConnection: keep-alive, X-Clone-Ticket\r\n\r\n")]
    [InlineData("DELETE {C}/repos/octocat/small-project HTTP/1.1\r\nHost: localhost\r\n{A}\r\nConnection: x_clone_ticket\r\n\r\n")]
    [InlineData("DELETE {C}/repos/octocat/small-project HTTP/1.1\r\nHost: localhost\r\n{A}\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n")]
    [InlineData("DELETE {C}/repos/octocat/small-project HTTP/1.1\r\nHost: localhost\r\n{A}\r\nUpgrade: websocket, h2c\r\nConnection: upgrade\r\n\r\n")]
    [InlineData("DELETE {C}/repos/octocat/small-project HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("DELETE {C}/repos/octocat/small-project?access_token={T} HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("DELETE {C}/repos/octocat/small-project HTTP/1.1\r\nHost: localhost\r\nProxy-Authorization: Bearer {T}\r\n\r\n")]
    [InlineData("DELETE {C}/repos/octocat/small-project HTTP/1.1\r\nHost: localhost\r\nCookie: authorization=Bearer {T}\r\n\r\n")]
    [InlineData("DELETE {C}/repos/octocat/small-project HTTP/1.1\r\nHost: localhost\r\nX: y\r\n\u00a0{A}\r\n\r\n")]
    public async Task It_is_refused_and_nothing_reaches_the_clone(string message)
    {
        var before = await UsedAsync();
        await using var wire = await program.Program.ConnectAsync();
        await wire.SendAsync(Filled(message) + Last);
        var first = await wire.ReadAnswerAsync();
        await wire.ReadToEndAsync();

        Assert.True(first is null || first.Head.Status is (>= 400 and < 500) or 501 or 505, first?.Head.StartLine);
        Assert.Equal(before, await UsedAsync());
    }

    [Theory]
    [InlineData("POST {C}/user/repos HTTP/1.1\r\nHost: localhost\r\n{A}\r\nContent-Length: {L}\r\n\r\n{D}", 400)]
    [InlineData("POST {C}/user/repos HTTP/1.1\r\nHost: localhost\r\n{A}\r\nTransfer-Encoding: chunked\r\n\r\n{X}\r\n{D}\r\n0\r\n\r\n", 400)]
    [InlineData("POST {C}/user/repos HTTP/1.1\r\nHost: localhost\r\n{A}\r\nContent_Length: 0\r\nTransfer_Encoding: chunked\r\nContent-Length: {L}\r\n\r\n{D}", 400)]
    [InlineData("POST {C}/user/repos HTTP/1.1\r\nHost: localhost\r\n{A}\r\nConnection: x-own\r\nX-Own: a\r\nContent-Length: {L}\r\n\r\n{D}", 400)]
    [InlineData("GET {C}/user HTTP/1.1\r\nHost: localhost\r\n{A}\r\nContent-Length: {L}\r\n\r\n{D}", 200)]
    [InlineData("GET {C}/repos/octocat/small-project HTTP/1.1\r\nHost: localhost\r\n{A}\r\nX-HTTP-Method-Override: DELETE\r\n\r\n", 200)]
    [InlineData("GET {C}/user HTTP/1.1\r\nHost: localhost\r\n{A}\r\nX-Original-URL: /api/repos/octocat/small-project\r\nX-Rewrite-URL: /\r\n\r\n", 200)]
    [InlineData("GET {C}/user HTTP/1.1\r\nHost: localhost\r\n{A}\r\nx-clone-ticket: {S}.github.9.forged\r\nx_clone_ticket: {S}.slack.1.forged\r\n\r\n", 200)]
    public async Task It_is_one_request_and_reaches_the_clone_as_that(string message, int status)
    {
        var before = await UsedAsync();
        await using var wire = await program.Program.ConnectAsync();
        await wire.SendAsync(Filled(message) + Last);
        var answer = await wire.ReadAnswerAsync();
        await wire.ReadToEndAsync();

        Assert.Equal((status, null), (answer!.Head.Status, answer.Head["x-route-error"]));
        Assert.Equal(2, wire.Seen.Split("HTTP/1.1 ")[1..].Length);
        Assert.EndsWith("""{"status":"live"}""", wire.Seen.TrimEnd('0', '\r', '\n'), StringComparison.Ordinal);
        Assert.Equal(before.Core + 1, (await UsedAsync()).Core);
    }

    // Where one reader ends a chunk's line and another goes on, each sees another body.
    [Theory]
    [InlineData("{X};a=\"\r\n\"\r\n{D}\r\n0\r\n\r\n")]
    [InlineData("{X};\n{D}\r\n0\r\n\r\n")]
    [InlineData("{X}\n{D}\n0\n\n{D}")]
    [InlineData("{X}\r{D}\r\n0\r\n\r\n")]
    [InlineData("0x{X}\r\n{D}\r\n0\r\n\r\n")]
    [InlineData("+{X}\r\n{D}\r\n0\r\n\r\n")]
    [InlineData("10000000000000000\r\n{D}\r\n0\r\n\r\n")]
    [InlineData("2\r\n{}xx0\r\n\r\n{D}")]
    [InlineData("0\r\nX: y\r\n z\r\n\r\n{D}")]
    public async Task Chunks_that_can_be_read_in_two_ways_end_the_connection_and_change_nothing(string chunks)
    {
        await using var wire = await program.Program.ConnectAsync();
        await wire.SendAsync(Filled("POST {C}/user/repos HTTP/1.1\r\nHost: localhost\r\n{A}\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks) + Last);
        var answer = await wire.ReadAnswerAsync();
        await wire.ReadToEndAsync();

        Assert.True(answer is null || answer.Head.Status == 400, answer?.Head.StartLine);
        Assert.True(wire.Seen.Split("HTTP/1.1 ").Length <= 2, wire.Seen);
        var shown = await program.Program.SendRawAsync(Filled("GET {C}/repos/octocat/small-project HTTP/1.1\r\nHost: localhost\r\n{A}\r\n\r\n"));
        Assert.Equal(200, shown!.Head.Status);
    }

    [Fact]
    public async Task No_header_of_a_callers_gets_into_the_clones_links()
    {
        var answer = await program.Program.SendRawAsync(Filled(
            "GET {C}/repos/octocat/small-project HTTP/1.1\r\nHost: LOCALHOST:1\r\n{A}\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: https\r\n"
            + "Forwarded: host=evil.example\r\nx-clone-base-url: https://evil.example\r\nX_Clone_Base_Url: https://evil.example\r\n"
            + "x-archal-anything: evil.example\r\nX-Original-Host: evil.example\r\nOrigin: https://evil.example\r\n\r\n"));

        Assert.Equal(200, answer!.Head.Status);
        Assert.DoesNotContain("evil", answer.Text + answer.Head, StringComparison.Ordinal);
        Assert.Contains($"\"url\":\"{program.Program.Url.GetLeftPart(UriPartial.Authority)}/runtime/{_session}/github/api/repos/", answer.Text, StringComparison.Ordinal);
    }

    private string Filled(string message)
    {
        var delete = $"DELETE /runtime/{_session}/github/api/repos/octocat/small-project HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {program.Key.Secret}\r\n\r\n";
        return message
            .Replace("{A}", $"Authorization: Bearer {program.Key.Secret}", StringComparison.Ordinal)
            .Replace("{T}", program.Key.Secret, StringComparison.Ordinal)
            .Replace("{C}", $"/runtime/{_session}/github/api", StringComparison.Ordinal)
            .Replace("{S}", _session, StringComparison.Ordinal)
            .Replace("{L}", delete.Length.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{X}", delete.Length.ToString("x", CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{D}", delete, StringComparison.Ordinal);
    }

    /// <summary>How many requests the clone has had, with a credential and without; asking is not counted.</summary>
    private async Task<(int Core, int Anonymous)> UsedAsync()
    {
        async Task<int> UsedAsync(string authorization) => int.Parse(
            (await program.Program.SendRawAsync(
                $"GET /runtime/{_session}/github/api/user HTTP/1.1\r\nHost: localhost\r\nx-route-authorization: Bearer {program.Key.Secret}\r\n{authorization}\r\n"))!
            .Head["x-ratelimit-used"]!,
            CultureInfo.InvariantCulture);

        _asked++;
        return (await UsedAsync("Authorization: Bearer x\r\n") - _asked, await UsedAsync("") - _asked);
    }

    private int _asked;
}
