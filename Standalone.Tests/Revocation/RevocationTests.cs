using System.Globalization;
using System.Text.RegularExpressions;
using ControlPlane.Contract;
using ControlPlane.Running;
using Xunit.Abstractions;

namespace ControlPlane.Revocation;

/// <summary>
/// When the DELETE of a key or a session has answered, no request that arrives is admitted, on any connection, and what was under way has ended.
/// </summary>
public abstract partial class RevocationTests(bool reuse, ITestOutputHelper output) : IAsyncLifetime
{
    private const int Rounds = 200;
    private const int Clients = 4;

    private static readonly TimeProvider Time = TimeProvider.System;

    private StandaloneProcess _program = null!;

    public async Task InitializeAsync() => _program = await StandaloneProcess.StartAsync(
        null, $"--Leases:Reuse={reuse}", "--Gateway:RefusedTokensPerMinute=1000000", "--Workspaces:SessionsPerMinute=100000");

    public async Task DisposeAsync() => await _program.DisposeAsync();

    [Fact]
    public async Task The_very_next_request_with_a_revoked_key_is_401_however_hard_it_is_used()
    {
        var sessions = new[] { await _program.StartSessionAsync(), await _program.StartSessionAsync() };
        using var hammers = new Hammers(_program, Clients);
        var took = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var key = await _program.CreateKeyAsync();
            var target = round % 5 == 4 ? "/api/sessions?limit=1" : $"/runtime/{sessions[round % 2]}/github/api";

            var (seen, revoked, spent) = await hammers.WhileAsync(target, key.Secret, async () => AssertReported(await _program.RevokeAsync(key.Id)));

            took.Add(spent.TotalMilliseconds);
            AssertOver(seen, revoked, "401 credential_invalid", round);
            Assert.Contains(seen, one => one.Code is null);
            Assert.Equal(Clients, seen.Where(one => one.Sent >= revoked).Select(one => one.Client).Distinct().Count());
        }

        Report("key", took);
    }

    [Fact]
    public async Task A_key_that_is_revoked_while_it_is_asked_about_for_the_first_time_is_as_dead()
    {
        var session = await _program.StartSessionAsync();
        using var hammers = new Hammers(_program, Clients);
        for (var round = 0; round < Rounds / 2; round++)
        {
            var key = await _program.CreateKeyAsync();

            var (seen, revoked, _) = await hammers.WhileAsync(
                $"/runtime/{session}/github/api", key.Secret, async () => AssertReported(await _program.RevokeAsync(key.Id)), warm: false);

            AssertOver(seen, revoked, "401 credential_invalid", round);
        }
    }

    [Fact]
    public async Task The_very_next_request_to_a_stopped_session_is_404()
    {
        var key = await _program.CreateKeyAsync();
        using var hammers = new Hammers(_program, Clients);
        var took = new List<double>();
        for (var round = 0; round < Rounds / 4; round++)
        {
            var session = await _program.StartSessionAsync("empty");

            var (seen, stopped, spent) = await hammers.WhileAsync(
                $"/runtime/{session}/github/api", key.Secret, async () => AssertReported(await _program.DeleteAsync($"/api/sessions/{session}")));

            took.Add(spent.TotalMilliseconds);
            AssertOver(seen, stopped, "404 session_ended", round);
            Assert.Contains(seen, one => one.Code is null);
        }

        Report("session", took);
    }

    [Fact]
    public async Task A_key_that_is_revoked_again_gives_the_same_answer()
    {
        var key = await _program.CreateKeyAsync();
        AssertReported(await _program.RevokeAsync(key.Id));
        AssertReported(await _program.RevokeAsync(key.Id));

        var session = await _program.StartSessionAsync();
        AssertReported(await _program.DeleteAsync($"/api/sessions/{session}"));
        AssertReported(await _program.DeleteAsync($"/api/sessions/{session}"));
    }

    [Theory]
    [InlineData("key")]
    [InlineData("session")]
    public async Task A_slow_upload_is_cut_and_told_why(string what)
    {
        var (key, session) = (await _program.CreateKeyAsync(), await _program.StartSessionAsync());
        await using var wire = await _program.ConnectAsync();
        await wire.SendAsync(
            $"POST /runtime/{session}/github/api/user/repos HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key.Secret}\r\nExpect: 100-continue\r\n"
            + "Content-Length: 1000000\r\n\r\n");

        // The program asks for the body, so the request was admitted.
        Assert.Equal(100, (await wire.ReadHeadAsync())!.Status);
        await wire.SendAsync("{\"name\":\"never-finished\",");
        await TakeAwayAsync(what, key.Id, session);
        var answer = await wire.ReadAnswerAsync();
        await wire.ReadToEndAsync();

        answer!.AssertIs(what == "key" ? 401 : 404, what == "key" ? "credential_invalid" : "session_ended");
    }

    [Theory]
    [InlineData("key")]
    [InlineData("session")]
    public async Task A_download_is_aborted_in_the_middle(string what)
    {
        var (key, session) = (await _program.CreateKeyAsync(), await _program.StartSessionAsync());
        var issues = $"/runtime/{session}/github/api/repos/octocat/small-project/issues";
        for (var issue = 0; issue < 30; issue++)
        {
            // Six bytes each in the answer: about 12 MB in all, far more than sockets and servers hold for a caller who does not read.
            await _program.CallAsync(HttpMethod.Post, issues, _program.OwnerToken, new { title = "large", body = new string('\u0001', 65_000) });
        }

        await using var wire = await _program.ConnectAsync();
        await wire.SendAsync($"GET {issues}?per_page=100 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key.Secret}\r\n\r\n");
        var head = await wire.ReadHeadAsync();
        await TakeAwayAsync(what, key.Id, session);
        await wire.ReadToEndAsync();

        var whole = long.Parse(head!["Content-Length"]!, CultureInfo.InvariantCulture);
        Assert.Equal(200, head.Status);
        Assert.InRange(whole, 10_000_000, long.MaxValue);
        Assert.InRange(wire.Seen.Length, 1, whole - 1);
    }

    [Fact]
    public async Task A_management_call_under_way_ends_with_its_key()
    {
        var key = await _program.CreateKeyAsync();
        await using var wire = await _program.ConnectAsync();
        await wire.SendAsync(
            $"POST /api/sessions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key.Secret}\r\nExpect: 100-continue\r\nContent-Length: 21\r\n\r\n");
        Assert.Equal(100, (await wire.ReadHeadAsync())!.Status);
        await _program.RevokeAsync(key.Id);

        (await wire.ReadAnswerAsync())!.AssertIs(401, "credential_invalid");
    }

    [Fact]
    public async Task A_warm_connection_is_refused_and_stays_open_for_a_good_key()
    {
        var (bad, good, session) = (await _program.CreateKeyAsync(), await _program.CreateKeyAsync(), await _program.StartSessionAsync());
        await using var wire = await _program.ConnectAsync();
        async Task<int> AskAsync(string token)
        {
            await wire.SendAsync($"GET /runtime/{session}/github/api HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n");
            return (await wire.ReadAnswerAsync())!.Head.Status;
        }

        Assert.Equal(200, await AskAsync(bad.Secret));
        await _program.RevokeAsync(bad.Id);
        Assert.Equal(401, await AskAsync(bad.Secret));
        Assert.Equal(200, await AskAsync(good.Secret));
    }

    // Admitted, or begun and broken off: only what was sent before the DELETE had answered. Everything else met the one refusal.
    private static void AssertOver(IEnumerable<Asked> seen, long done, string refusal, int round) => Assert.All(seen, one => Assert.True(
        one.Code == refusal || (one.Code is null or Asked.Aborted && one.Sent < done),
        $"round {round}: {one.Code ?? "admitted"}, {Time.GetElapsedTime(done, one.Sent)} after"));

    private static void AssertReported(HttpResponseMessage answer)
    {
        using (answer)
        {
            Assert.Equal(System.Net.HttpStatusCode.NoContent, answer.StatusCode);
            var report = Reported().Match(Assert.Single(answer.Headers.GetValues("x-archal-revocation")));
            Assert.True(report.Success);

            // One gateway, and it answers at once.
            Assert.InRange(int.Parse(report.Groups["acknowledged"].Value, CultureInfo.InvariantCulture), 0, 1);
            Assert.InRange(int.Parse(report.Groups["ms"].Value, CultureInfo.InvariantCulture), 0, 10_100);
        }
    }

    private async Task TakeAwayAsync(string what, string keyId, string session) =>
        AssertReported(what == "key" ? await _program.RevokeAsync(keyId) : await _program.DeleteAsync($"/api/sessions/{session}"));

    private void Report(string what, List<double> took)
    {
        took.Sort();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"DELETE of a {what} in use by {Clients} clients, Leases:Reuse={reuse}, {took.Count} rounds: p50 {took[took.Count / 2]:0.0} ms, "
            + $"p99 {took[took.Count * 99 / 100]:0.0} ms, most {took[^1]:0.0} ms"));
    }

    [GeneratedRegex(@"^acknowledged=(?<acknowledged>\d+), waited=(?<waited>\d+), ms=(?<ms>\d+)$")]
    private static partial Regex Reported();
}

public sealed class RevocationOnFactsInHand(ITestOutputHelper output) : RevocationTests(reuse: true, output);

public sealed class RevocationAskingEachTime(ITestOutputHelper output) : RevocationTests(reuse: false, output);
