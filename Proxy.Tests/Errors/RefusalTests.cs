using System.Text.Json;
using ControlPlane.Credentials;
using ControlPlane.Wire;

namespace ControlPlane.Errors;

/// <summary>The gateway's own answers, and the order in which it looks.</summary>
public abstract class RefusalTests(bool reuse) : IAsyncLifetime
{
    private GatewayUnderTest _gateway = null!;

    public async Task InitializeAsync() =>
        _gateway = await GatewayUnderTest.StartAsync(reuse, settings: ("AllowedOrigins:0", "https://app.example"));

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task A_refusal_is_an_envelope_and_says_so_in_its_headers()
    {
        var answer = await AskAsync("GET /runtime/ses-1/github/api HTTP/1.1\r\nHost: localhost");
        var envelope = JsonSerializer.Deserialize(answer.Body, ContractsJson.Default.ErrorEnvelope)!;

        Assert.Equal((401, "credential_missing"), (answer.Head.Status, answer.Head["x-route-error"]));
        Assert.Equal("application/json", answer.Head["Content-Type"]);
        Assert.Equal(("credential_missing", ErrorCode.CredentialMissing.Title()), (envelope.Code, envelope.Error));
        Assert.NotEmpty(envelope.Message);
        Assert.Equal("Bearer", answer.Head["WWW-Authenticate"]);
        Assert.Equal("no-store", answer.Head["Cache-Control"]);
        Assert.Contains(_gateway.Log.Lines, line => line.Contains(answer.Head["x-archal-request-id"]!, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_sent_a_bad_credential_is_told_so()
    {
        var unknown = Token.Create(CredentialKind.WorkspaceKey, Token.NewId());
        var answer = await AskAsync($"GET /runtime/ses-1/github/api HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {unknown}");

        Assert.Equal((401, "credential_invalid"), (answer.Head.Status, answer.Head["x-route-error"]));
        Assert.StartsWith("Bearer error=\"invalid_token\", error_", answer.Head["WWW-Authenticate"], StringComparison.Ordinal);
        Assert.DoesNotContain(unknown, answer.Text + string.Concat(_gateway.Log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_to_HEAD_has_no_body()
    {
        await using var wire = await RawConnection.ConnectAsync(_gateway.Port);
        await wire.SendAsync("HEAD /runtime/ses-1/github/api HTTP/1.1\r\nHost: localhost\r\n\r\n");
        await wire.SendAsync("GET / HTTP/1.1\r\nHost: unknown.example\r\n\r\n");

        Assert.Equal(401, (await wire.ReadHeadAsync())!.Status);
        Assert.Equal(404, (await wire.ReadHeadAsync())!.Status);
    }

    // {T}: a target of the path form that is refused. {A}: a valid credential; {M}: one of the right shape that nobody made; {X}: one of
    // the wrong shape.
    [Theory]
    [InlineData("TRACE {T} HTTP/1.1\r\nHost: unknown.example\r\nAuthorization: {X}\r\nConnection: host", "host_unknown")]
    [InlineData("GET /health/live HTTP/1.1\r\nHost: unknown.example", "host_unknown")]
    [InlineData("TRACE {T} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {X}\r\nConnection: host", "method_not_allowed")]
    [InlineData("GET /runtime/ses-1/github/api/.. HTTP/1.1\r\nHost: localhost\r\nAuthorization: {X}\r\nConnection: host", "path_invalid")]
    [InlineData("GET /runtime/ses-9/none/api HTTP/1.1\r\nHost: localhost\r\nConnection: host", "credential_missing")]
    [InlineData("GET /runtime/s/c/api HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic x\r\nConnection: host", "credential_malformed")]
    [InlineData("GET /runtime/ses-9/none/api HTTP/1.1\r\nHost: localhost\r\nAuthorization: {A}\r\nConnection: host", "request_invalid")]
    [InlineData("GET /runtime/ses-9/none/api HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {X}", "credential_malformed")]
    [InlineData("GET /runtime/ses-9/none/api HTTP/1.1\r\nHost: localhost\r\nAuthorization: {M}", "credential_invalid")]
    [InlineData("GET /runtime/ses-1/none/api HTTP/1.1\r\nHost: localhost\r\nAuthorization: {M}", "credential_invalid")]
    [InlineData("GET /runtime/ses-9/none/api HTTP/1.1\r\nHost: localhost\r\nAuthorization: {A}", "session_not_found")]
    [InlineData("GET /runtime/ses-1/none/api HTTP/1.1\r\nHost: localhost\r\nAuthorization: {A}", "clone_not_in_session")]
    public async Task The_first_check_that_fails_answers(string request, string code)
    {
        var answer = await AskAsync(request
            .Replace("{T}", "/runtime/ses-1/github/api/..", StringComparison.Ordinal)
            .Replace("{A}", $"Bearer {_gateway.Token}", StringComparison.Ordinal)
            .Replace("{M}", $"Bearer {Token.Create(CredentialKind.WorkspaceKey, Token.NewId())}", StringComparison.Ordinal)
            .Replace("{X}", "not-a-token", StringComparison.Ordinal));

        Assert.Equal(code, answer.Head["x-route-error"]);
        Assert.Equal(0, _gateway.Worker.Requests);
    }

    [Fact]
    public async Task Our_own_paths_on_a_public_host_go_on()
    {
        Assert.Equal("our own", (await AskAsync("GET /api/sessions HTTP/1.1\r\nHost: localhost")).Text);
        Assert.Equal("our own", (await AskAsync("GET /health/live HTTP/1.1\r\nHost: 127.0.0.1:80")).Text);
    }

    [Fact]
    public async Task A_connection_that_asked_to_be_closed_is_closed_whatever_else_it_named()
    {
        await using var wire = await _gateway.OpenAsync("GET", "/api/x", "Connection: close, x-own\r\n");
        var head = (await wire.ReadHeadAsync())!;
        await wire.ReadToEndAsync();

        Assert.Equal((200, "close"), (head.Status, head["Connection"]));
    }

    [Fact]
    public async Task A_preflight_from_an_allowed_origin_is_answered_here()
    {
        var answer = await AskAsync(
            "OPTIONS /runtime/ses-1/github/api HTTP/1.1\r\nHost: localhost\r\nOrigin: https://app.example\r\n"
            + "Access-Control-Request-Method: PATCH\r\nAccess-Control-Request-Headers: x-route-authorization, content-type");

        Assert.Equal((204, "https://app.example", "PATCH"), (
            answer.Head.Status, answer.Head["Access-Control-Allow-Origin"], answer.Head["Access-Control-Allow-Methods"]));
        Assert.Equal("x-route-authorization, content-type", answer.Head["Access-Control-Allow-Headers"]);
        Assert.Null(answer.Head["Access-Control-Allow-Credentials"]);
        Assert.Equal(0, _gateway.Worker.Requests);
    }

    [Fact]
    public async Task A_script_of_an_allowed_origin_may_read_answers_ours_and_the_clones()
    {
        _gateway.Worker.Answer = static async (worker, _) =>
        {
            await worker.SendAsync(
                "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nAccess-Control-Allow-Credentials: true\r\nVary: Accept\r\n"
                + "Content-Length: 0\r\n\r\n");
            return true;
        };
        const string Request = "GET /runtime/ses-1/github/api HTTP/1.1\r\nHost: localhost\r\nOrigin: https://app.example";
        var theirs = (await AskAsync($"{Request}\r\nAuthorization: Bearer {_gateway.Token}")).Head;
        var ours = (await AskAsync(Request)).Head;

        Assert.Equal((200, "https://app.example"), (theirs.Status, theirs["Access-Control-Allow-Origin"]));
        Assert.Null(theirs["Access-Control-Allow-Credentials"]);
        Assert.Equal(["Accept", "Origin"], theirs.All("Vary").SelectMany(static value => value.Split(',', StringSplitOptions.TrimEntries)));
        Assert.Equal((401, "https://app.example"), (ours.Status, ours["Access-Control-Allow-Origin"]));
    }

    [Fact]
    public async Task A_preflight_from_any_other_origin_is_a_request_like_others()
    {
        var answer = await AskAsync(
            "OPTIONS /runtime/ses-1/github/api HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\n"
            + "Access-Control-Request-Method: GET");

        Assert.Equal("credential_missing", answer.Head["x-route-error"]);
        Assert.Null(answer.Head["Access-Control-Allow-Origin"]);
    }

    private async Task<Received> AskAsync(string request) => (await _gateway.SendRawAsync(request + "\r\n\r\n"))!;
}

/// <summary>On facts in hand.</summary>
public sealed class RefusalsOnFactsInHand() : RefusalTests(reuse: true);

/// <summary>Asking the owners for each request.</summary>
public sealed class RefusalsAskingEachTime() : RefusalTests(reuse: false);
