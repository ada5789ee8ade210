using System.Text.RegularExpressions;

namespace ControlPlane.Contract;

/// <summary>The rows of contract 2.4 and the order in which they are looked at.</summary>
public abstract partial class RefusalTests(ProgramUnderTest program)
{
    [Theory]
    [InlineData("GET /runtime/{running}/github/api/%2e%2e/x | Authorization: Bearer {key}", 400, "path_invalid")]
    [InlineData("GET /runtime/{running}/github/api/a\\b | Authorization: Bearer {key}", 400, "path_invalid")]
    [InlineData("GET /runtime/{running}/github/api%5cb | Authorization: Bearer {key}", 400, "path_invalid")]
    [InlineData("GET /runtime//github/api | Authorization: Bearer {key}", 400, "path_invalid")]
    [InlineData("GET /runtime/{running}//api | Authorization: Bearer {key}", 400, "path_invalid")]
    [InlineData("GET /runtime/{running}/github/apix | Authorization: Bearer {key}", 400, "path_invalid")]
    [InlineData("GET /runtime/{running}/github | Authorization: Bearer {key}", 400, "path_invalid")]
    [InlineData("GET /runtime/%73es-x/github/api | Authorization: Bearer {key}", 400, "path_invalid")]
    [InlineData("GET /api/sessions | Host: {running}.clones.localhost | Authorization: Bearer {key}", 400, "path_invalid")]
    [InlineData("GET /runtime/{running}/github/api | Authorization: Bearer {key} | Connection: host", 400, "request_invalid")]
    [InlineData("GET /runtime/{running}/github/api | Authorization: Bearer {key} | Connection: x-clone-ticket", 400, "request_invalid")]
    [InlineData("GET /runtime/{running}/github/api | Authorization: Bearer {key} | Connection: upgrade | Upgrade: h2c", 400, "request_invalid")]
    [InlineData("GET /runtime/{running}/github/api", 401, "credential_missing")]
    [InlineData("GET /runtime/{running}/github/api?access_token={key} | Cookie: token={key}", 401, "credential_missing")]
    [InlineData("GET /runtime/{running}/github/api | Authorization: Basic dTpw", 401, "credential_malformed")]
    [InlineData("GET /runtime/{running}/github/api | Authorization: {key}", 401, "credential_malformed")]
    [InlineData("GET /runtime/{running}/github/api | Authorization: Bearer {key}, Bearer {key}", 401, "credential_malformed")]
    [InlineData("GET /runtime/{running}/github/api | Authorization: Bearer {key} | Authorization: Bearer {key}", 401, "credential_malformed")]
    [InlineData("GET /runtime/{running}/github/api | Authorization: Bearer {mistyped}", 401, "credential_malformed")]
    [InlineData("GET /runtime/{running}/github/api | x-route-authorization: | Authorization: Bearer {key}", 401, "credential_malformed")]
    [InlineData("GET /runtime/{running}/github/api | x_route_authorization: Bearer nothing | Authorization: Bearer {key}", 401, "credential_malformed")]
    [InlineData("GET /runtime/{running}/github/api | x-route-authorization: Bearer {key} | x-route-authorization: Bearer {key}", 401, "credential_malformed")]
    [InlineData("GET /runtime/{running}/github/api | Authorization: Bearer {unknown}", 401, "credential_invalid")]
    [InlineData("GET /runtime/{running}/github/api | Authorization: Bearer {revoked}", 401, "credential_invalid")]
    [InlineData("GET /runtime/{running}/github/api | x-route-authorization: Bearer {revoked} | Authorization: Bearer {key}", 401, "credential_invalid")]
    [InlineData("GET /runtime/{running}/github/api | Authorization: Bearer {expired}", 401, "credential_expired")]
    [InlineData("GET /runtime/{running}/github/api | Authorization: Bearer {other}", 403, "session_forbidden")]
    [InlineData("GET /runtime/{running}/github/api | Authorization: Bearer {reader}", 403, "scope_missing")]
    [InlineData("GET /runtime/{running}/github/api | Host: evil.example | Authorization: Bearer {key}", 404, "host_unknown")]
    [InlineData("GET /github/api | Host: a.{running}.clones.localhost | Authorization: Bearer {key}", 404, "host_unknown")]
    [InlineData("GET /github/api | Host: {running}.clones.localhost. | Authorization: Bearer {key}", 404, "host_unknown")]
    [InlineData("GET /runtime/{nobody}/github/api | Authorization: Bearer {key}", 404, "session_not_found")]
    [InlineData("GET /github/api | Host: {nobody}.clones.localhost | Authorization: Bearer {key}", 404, "session_not_found")]
    [InlineData("GET /runtime/{ended}/github/api | Authorization: Bearer {key}", 404, "session_ended")]
    [InlineData("GET /runtime/{running}/slack/api | Authorization: Bearer {key}", 404, "clone_not_in_session")]
    [InlineData("GET /runtime/x/api | Host: {running}.clones.localhost | Authorization: Bearer {key}", 400, "path_invalid")]
    [InlineData("GET /runtime/api | Host: {running}.clones.localhost | Authorization: Bearer {key}", 404, "clone_not_in_session")]
    [InlineData("TRACE /runtime/{running}/github/api | Authorization: Bearer {key}", 405, "method_not_allowed")]
    [InlineData("GET /runtime/{spent}/github/api | Authorization: Bearer {key}", 429, "request_budget_exhausted")]
    [InlineData("GET /runtime/{failed}/github/api | Authorization: Bearer {key}", 502, "session_failed")]
    [InlineData("GET /runtime/{lost}/github/api | Authorization: Bearer {key}", 502, "clone_unreachable", true)]
    [InlineData("GET /runtime/{starting}/github/api | Authorization: Bearer {key}", 503, "session_starting", true)]
    public async Task A_call_into_a_clone_is_refused(string request, int status, string code, bool retryAfter = false) =>
        await RefusedAsync(request, status, code, retryAfter);

    [Theory]
    [InlineData("POST /api/sessions | Authorization: Bearer {key} | = {\"clones\":[]}", 400, "request_invalid")]
    [InlineData("POST /api/sessions | Authorization: Bearer {key} | = {\"clones\":[\"github\"],\"colour\":1}", 400, "request_invalid")]
    [InlineData("GET /api/sessions?limit=0 | Authorization: Bearer {key}", 400, "request_invalid")]
    [InlineData("GET /api/sessions/../sessions | Authorization: Bearer {key}", 400, "path_invalid")]
    [InlineData("GET /api/sessions", 401, "credential_missing")]
    [InlineData("GET /api/sessions?access_token={key} | Cookie: token={key}", 401, "credential_missing")]
    [InlineData("GET /api/sessions | Authorization: Basic dTpw", 401, "credential_malformed")]
    [InlineData("GET /api/sessions | Authorization: Bearer {mistyped}", 401, "credential_malformed")]
    [InlineData("GET /api/sessions | x-route-authorization: | Authorization: Bearer {key}", 401, "credential_malformed")]
    [InlineData("GET /api/sessions | Authorization: Bearer {unknown}", 401, "credential_invalid")]
    [InlineData("GET /api/sessions | Authorization: Bearer {revoked}", 401, "credential_invalid")]
    [InlineData("GET /api/sessions | Authorization: Bearer {expired}", 401, "credential_expired")]
    [InlineData("GET /api/sessions/{running} | Authorization: Bearer {other}", 403, "session_forbidden")]
    [InlineData("DELETE /api/sessions/{running} | Authorization: Bearer {other}", 403, "session_forbidden")]
    [InlineData("POST /api/sessions/{running}/renew | Authorization: Bearer {other} | = {}", 403, "session_forbidden")]
    [InlineData("GET /api/sessions/{running}/liveness | Authorization: Bearer {other}", 403, "session_forbidden")]
    [InlineData("POST /api/sessions | Authorization: Bearer {reader} | = {\"clones\":[\"github\"]}", 403, "scope_missing")]
    [InlineData("DELETE /api/sessions/{running} | Authorization: Bearer {reader}", 403, "scope_missing")]
    [InlineData("DELETE /api/sessions?label=a:b | Authorization: Bearer {reader}", 403, "scope_missing")]
    [InlineData("GET /api/workspaces/ws-default | Authorization: Bearer {reader}", 403, "scope_missing")]
    [InlineData("GET /api/sessions | Authorization: Bearer {key} | x-archal-workspace-id: ws-other", 403, "workspace_key_scope_mismatch")]
    [InlineData("GET /api/workspaces/ws-other | Authorization: Bearer {key}", 403, "workspace_key_scope_mismatch")]
    [InlineData("GET /api/workspaces/ws-default/api-keys | Authorization: Bearer {key}", 403, "role_missing")]
    [InlineData("POST /api/workspaces/ws-default/api-keys | Authorization: Bearer {key} | = {\"label\":\"x\"}", 403, "role_missing")]
    [InlineData("DELETE /api/workspaces/ws-default/api-keys/abcdefghijkl | Authorization: Bearer {key}", 403, "role_missing")]
    [InlineData("GET /api/sessions | Host: evil.example | Authorization: Bearer {key}", 404, "host_unknown")]
    [InlineData("GET /health/live | Host: evil.example", 404, "host_unknown")]
    [InlineData("GET /api/nothing", 404, "not_found")]
    [InlineData("GET /api/sessions/{nobody} | Authorization: Bearer {key}", 404, "session_not_found")]
    [InlineData("GET /api/sessions/a%2fb | Authorization: Bearer {key}", 404, "session_not_found")]
    [InlineData("DELETE /api/sessions/{nobody} | Authorization: Bearer {key}", 404, "session_not_found")]
    [InlineData("PUT /api/sessions | Authorization: Bearer {key} | = {}", 405, "method_not_allowed")]
    [InlineData("TRACE /api/sessions | Authorization: Bearer {key}", 405, "method_not_allowed")]
    [InlineData("POST /api/sessions/{ended}/renew | Authorization: Bearer {key} | = {}", 409, "session_not_running")]
    public async Task A_call_of_the_management_API_is_refused(string request, int status, string code) =>
        await RefusedAsync(request, status, code, retryAfter: false);

    [Theory]
    [InlineData("GET /runtime/{running}/github/api/repos/octocat/%00 | Authorization: Bearer {key}")]
    [InlineData("GET /runtime/{running}/github/api | Authorization: Bearer {key} | Content-Length: -1")]
    [InlineData("GET /api/sessions/%00 | Authorization: Bearer {key}")]
    public async Task What_the_server_cannot_read_is_refused_like_all_else(string request) =>
        (await program.AskAsync(request)).AssertIs(400, "request_invalid");

    // Each request has the fault of its own row and those of all rows below it.
    [Theory]
    [InlineData("GET /runtime/{nobody}/none/api/.. | Authorization: Bearer {mistyped} | Host: evil.example", "host_unknown")]
    [InlineData("GET /runtime/{nobody}/none/api/..", "path_invalid")]
    [InlineData("GET /runtime/{nobody}/none/api", "credential_missing")]
    [InlineData("GET /runtime/{nobody}/none/api | Authorization: Bearer {mistyped}", "credential_malformed")]
    [InlineData("GET /runtime/{nobody}/none/api | Authorization: Bearer {unknown}", "credential_invalid")]
    [InlineData("GET /runtime/{nobody}/none/api | Authorization: Bearer {expired}", "credential_expired")]
    [InlineData("GET /runtime/{nobody}/none/api | Authorization: Bearer {other}", "session_not_found")]
    [InlineData("GET /runtime/{ended}/none/api | Authorization: Bearer {other}", "session_forbidden")]
    [InlineData("GET /runtime/{failed}/none/api | Authorization: Bearer {other}", "session_forbidden")]
    [InlineData("GET /runtime/{spent}/none/api | Authorization: Bearer {other}", "session_forbidden")]
    [InlineData("GET /runtime/{starting}/none/api | Authorization: Bearer {other}", "session_forbidden")]
    [InlineData("GET /runtime/{ended}/none/api | Authorization: Bearer {reader}", "scope_missing")]
    [InlineData("GET /runtime/{failed}/none/api | Authorization: Bearer {reader}", "scope_missing")]
    [InlineData("GET /runtime/{spent}/none/api | Authorization: Bearer {reader}", "scope_missing")]
    [InlineData("GET /runtime/{starting}/none/api | Authorization: Bearer {reader}", "scope_missing")]
    [InlineData("GET /runtime/{ended}/none/api | Authorization: Bearer {key}", "session_ended")]
    [InlineData("GET /runtime/{failed}/none/api | Authorization: Bearer {key}", "session_failed")]
    [InlineData("GET /runtime/{spent}/none/api | Authorization: Bearer {key}", "clone_not_in_session")]
    [InlineData("GET /runtime/{spent}/github/api | Authorization: Bearer {key}", "request_budget_exhausted")]
    public async Task The_first_check_that_fails_answers(string request, string code) =>
        Assert.Equal(code, (await program.AskAsync(request)).Head["x-route-error"]);

    [Theory]
    [InlineData("")]
    [InlineData(" | Authorization: Bearer {mistyped}")]
    [InlineData(" | Authorization: Bearer {unknown}")]
    [InlineData(" | Authorization: Bearer {revoked}")]
    [InlineData(" | Authorization: Bearer {expired}")]
    public async Task Without_a_valid_credential_every_session_gives_the_same_401_byte_for_byte(string credential)
    {
        string[] sessions = ["{nobody}", "{running}", "{ended}", "{spent}", "{failed}", "{lost}", "{starting}"];
        var answers = new HashSet<string>();
        foreach (var session in sessions)
        {
            answers.Add(await BytesAsync($"GET /runtime/{session}/github/api{credential}"));
            answers.Add(await BytesAsync($"GET /runtime/{session}/none/mcp{credential}"));
            answers.Add(await BytesAsync($"GET /github/api{credential} | Host: {session}.clones.localhost"));
        }

        Assert.StartsWith("HTTP/1.1 401 ", Assert.Single(answers), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_another_workspaces_session_nothing_is_told_but_403()
    {
        string[] sessions = ["{running}", "{ended}", "{spent}", "{failed}", "{lost}", "{starting}"];
        var answers = new HashSet<string>();
        foreach (var session in sessions)
        {
            answers.Add(await BytesAsync($"GET /runtime/{session}/github/api | Authorization: Bearer {{other}}"));
            answers.Add(await BytesAsync($"GET /runtime/{session}/none/api | Authorization: Bearer {{other}}"));
        }

        Assert.StartsWith("HTTP/1.1 403 ", Assert.Single(answers), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_session_says_why() =>
        Assert.Contains(PreparedData.LastError, (await program.AskAsync("GET /runtime/{failed}/github/api | Authorization: Bearer {key}")).Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("bearer {key}")]
    [InlineData("BEARER    {key}")]
    [InlineData("token {key}")]
    [InlineData("Token  {key}")]
    public async Task A_scheme_has_no_case_and_any_number_of_spaces(string value)
    {
        Assert.Equal(200, (await program.AskAsync($"GET /runtime/{{running}}/github/api | Authorization: {value}")).Head.Status);
        Assert.Equal(200, (await program.AskAsync($"GET /api/sessions | Authorization: {value}")).Head.Status);
    }

    [Fact]
    public async Task What_the_clone_refuses_is_not_our_answer()
    {
        var answer = await program.AskAsync("GET /runtime/{running}/github/api/user | x-route-authorization: Bearer {key}");

        Assert.Equal((401, null, null), (answer.Head.Status, answer.Head["x-route-error"], answer.Head["x-archal-request-id"]));
        Assert.Equal(
            """{"message":"Requires authentication","documentation_url":"https://docs.github.com/rest/overview/resources-in-the-rest-api#authentication","status":"401"}""",
            answer.Text);
    }

    [Theory]
    [InlineData("GET /runtime/{running}/github/api/user | Authorization: Bearer {key} | x-archal-upstream-authorization:", 401)]
    [InlineData("GET /runtime/{running}/github/api/user | Authorization: Bearer {key} | x-archal-upstream-authorization: Bearer x", 200)]
    [InlineData("GET /runtime/{running}/github/api/user | Authorization: Bearer {key}", 200)]
    [InlineData("GET /runtime/{running}/github/api/user | x-route-authorization: Bearer {key} | x-archal-upstream-authorization: Bearer x", 401)]
    public async Task The_clone_sees_the_authorization_of_the_dialect(string request, int status)
    {
        var answer = await program.AskAsync(request);

        Assert.Equal((status, null), (answer.Head.Status, answer.Head["x-route-error"]));
    }

    private async Task RefusedAsync(string request, int status, string code, bool retryAfter)
    {
        var answer = await program.AskAsync(request);

        answer.AssertIs(status, code, retryAfter);
        Assert.All(program.Tokens, token => Assert.DoesNotContain(token, answer.Text, StringComparison.Ordinal));

        // Those with 429 are counted, and logged at Debug alone: whoever asks too much would fill the log.
        await (status == 429 ? Task.CompletedTask : program.Program.LoggedAsync(answer.Head["x-archal-request-id"]!));
    }

    // All of it but what is of the one request.
    private async Task<string> BytesAsync(string request)
    {
        var answer = await program.AskAsync(request);
        return $"{answer.Head.StartLine}\n{string.Join('\n', answer.Head.Headers.Where(header => !OfOne().IsMatch(header.Name)))}\n{answer.Text}";
    }

    [GeneratedRegex("^(date|x-archal-request-id)$", RegexOptions.IgnoreCase)]
    private static partial Regex OfOne();
}

[Collection(nameof(FactsInHand))]
public sealed class RefusalsOnFactsInHand(FactsInHand program) : RefusalTests(program);

[Collection(nameof(AskingEachTime))]
public sealed class RefusalsAskingEachTime(AskingEachTime program) : RefusalTests(program);
