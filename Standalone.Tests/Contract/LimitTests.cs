using ControlPlane.Credentials;
using ControlPlane.Running;
using Microsoft.Data.Sqlite;

namespace ControlPlane.Contract;

/// <summary>The rows of contract 2.4 that need a limit to be low, or the store to be down: each test has a program of its own.</summary>
public abstract class LimitTests(bool reuse)
{
    [Fact]
    public async Task A_body_over_the_limit_is_413_with_a_length_and_in_chunks()
    {
        await using var program = await StartAsync("--Gateway:MaxBodyBytes=1000");
        var session = await program.StartSessionAsync();
        var head = $"POST /runtime/{session}/github/api/user/repos HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {program.OwnerToken}\r\n";
        var body = $$"""{"name":"small","description":"{{new string('d', 900)}}"}""";

        (await program.SendRawAsync($"{head}Content-Length: 1001\r\n\r\n"))!.AssertIs(413, "body_too_large");
        (await program.SendRawAsync($"{head}Transfer-Encoding: chunked\r\n\r\n3e9\r\n{new string('d', 1001)}\r\n0\r\n\r\n"))!.AssertIs(413, "body_too_large");
        Assert.Equal(201, (await program.SendRawAsync($"{head}Content-Length: {body.Length}\r\n\r\n{body}"))!.Head.Status);
    }

    [Fact]
    public async Task The_management_API_takes_one_mebibyte()
    {
        await using var program = await StartAsync();
        var head = $"POST /api/sessions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {program.OwnerToken}\r\n";
        const int Most = 1024 * 1024;

        (await program.SendRawAsync($"{head}Content-Length: {Most + 1}\r\n\r\n"))!.AssertIs(413, "body_too_large");
        (await program.SendRawAsync($"{head}Transfer-Encoding: chunked\r\n\r\n{Most + 1:x}\r\n{new string(' ', Most + 1)}\r\n0\r\n\r\n"))!.AssertIs(413, "body_too_large");
        (await program.SendRawAsync($"{head}Content-Length: {Most}\r\n\r\n{new string(' ', Most)}"))!.AssertIs(400, "request_invalid");
    }

    [Fact]
    public async Task Who_guesses_tokens_is_told_to_wait_and_who_holds_a_good_one_is_not()
    {
        await using var program = await StartAsync("--Gateway:RefusedTokensPerMinute=3");
        var session = await program.StartSessionAsync();
        async Task<Wire.Received> GuessAsync(string path) => (await program.SendRawAsync(
            $"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {Token.Create(CredentialKind.WorkspaceKey, Token.NewId())}\r\n\r\n"))!;

        (await GuessAsync("/api/sessions")).AssertIs(401, "credential_invalid");
        (await GuessAsync($"/runtime/{session}/github/api")).AssertIs(401, "credential_invalid");
        (await GuessAsync("/api/sessions")).AssertIs(401, "credential_invalid");
        (await GuessAsync("/api/sessions")).AssertIs(429, "too_many_requests", retryAfter: true);
        (await GuessAsync($"/runtime/{session}/github/api")).AssertIs(429, "too_many_requests", retryAfter: true);

        // The program holds the owner's token as good only if it may hold facts at all.
        var own = await program.SendRawAsync(
            $"GET /runtime/{session}/github/api HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {program.OwnerToken}\r\n\r\n");
        Assert.Equal(reuse ? 200 : 429, own!.Head.Status);
    }

    [Fact]
    public async Task A_workspace_starts_no_more_sessions_than_its_quota()
    {
        await using var program = await StartAsync("--Workspaces:MaxLiveSessions=1");
        var first = await program.StartSessionAsync();
        var order = $"POST /api/sessions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {program.OwnerToken}\r\nContent-Length: 21\r\n\r\n{{\"clones\":[\"github\"]}}";

        (await program.SendRawAsync(order))!.AssertIs(429, "quota_exceeded", retryAfter: true);
        await program.DeleteAsync($"/api/sessions/{first}");
        Assert.Equal(200, (await program.SendRawAsync(order))!.Head.Status);
    }

    [Fact]
    public async Task A_clone_that_does_not_begin_to_answer_is_504()
    {
        await using var program = await StartAsync("--Gateway:AnswerTimeout=00:00:00.300");
        var session = await program.StartSessionAsync();

        // The clone waits for a body that never comes.
        var answer = await program.SendRawAsync(
            $"POST /runtime/{session}/github/api/user/repos HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {program.OwnerToken}\r\nContent-Length: 9\r\n\r\n{{");

        answer!.AssertIs(504, "clone_timeout");
    }

    [Fact]
    public async Task A_store_that_takes_no_writes_is_503_and_never_404_or_401()
    {
        await using var program = await StartAsync();
        var session = await program.StartSessionAsync();
        var key = await program.CreateKeyAsync();
        var lists = $"GET /api/sessions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key.Secret}\r\n\r\n";
        var calls = $"GET /runtime/{session}/github/api/user HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key.Secret}\r\n\r\n";
        await using (var other = new SqliteConnection($"Data Source={Path.Combine(program.Data, "control.db")};Pooling=False"))
        {
            await other.OpenAsync();
            await using var writing = other.BeginTransaction(System.Data.IsolationLevel.Serializable, deferred: false);

            // Nobody has used this key yet, so its owner has a reader to save before it may say yes.
            var (listed, called) = (program.SendRawAsync(lists), program.SendRawAsync(calls));
            (await listed)!.AssertIs(503, "control_plane_unavailable", retryAfter: true);
            (await called)!.AssertIs(503, "control_plane_unavailable", retryAfter: true);
        }

        Assert.Equal(200, await UntilAsync(program, lists));
        Assert.Equal(200, await UntilAsync(program, calls));
    }

    // What was under way when the store came back may still answer 503 once.
    private static async Task<int> UntilAsync(StandaloneProcess program, string request)
    {
        var status = 503;
        for (var attempt = 0; attempt < 5 && status == 503; attempt++)
        {
            status = (await program.SendRawAsync(request))!.Head.Status;
        }

        return status;
    }

    private Task<StandaloneProcess> StartAsync(params string[] settings) => StandaloneProcess.StartAsync(null, [$"--Leases:Reuse={reuse}", .. settings]);
}

public sealed class LimitsOnFactsInHand() : LimitTests(reuse: true);

public sealed class LimitsAskingEachTime() : LimitTests(reuse: false);
