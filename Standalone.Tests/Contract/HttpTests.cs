using System.Globalization;
using System.Text.Json;
using ControlPlane.Running;
using ControlPlane.Wire;
using Microsoft.Data.Sqlite;

namespace ControlPlane.Contract;

/// <summary>The corners of HTTP, through the whole program: what a caller sends is what the clone sees.</summary>
[Collection(nameof(FactsInHand))]
public sealed class HttpTests(FactsInHand program)
{
    private const string Repository = "/repos/octocat/small-project";

    private string Host => $"Host: localhost\r\nx-route-authorization: Bearer {program.Key.Secret}\r\nAuthorization: Bearer x\r\n";

    private string Api => $"/runtime/{program.Session}/github/api";

    [Fact]
    public async Task HEAD_answers_the_headers_of_GET_and_no_body()
    {
        await using var wire = await program.Program.ConnectAsync();
        await wire.SendAsync($"HEAD {Api}{Repository} HTTP/1.1\r\n{Host}\r\nGET {Api}{Repository} HTTP/1.1\r\n{Host}\r\n");
        var head = await wire.ReadAnswerAsync(ofHead: true);
        var get = await wire.ReadAnswerAsync();

        Assert.Equal((200, 200), (head!.Head.Status, get!.Head.Status));
        Assert.Equal(get.Body.Length.ToString(CultureInfo.InvariantCulture), head.Head["Content-Length"]);
        Assert.Equal((get.Head["ETag"], get.Head["Content-Type"]), (head.Head["ETag"], head.Head["Content-Type"]));
    }

    [Theory]
    [InlineData("OPTIONS")]
    [InlineData("PROPFIND")]
    [InlineData("M-SEARCH")]
    [InlineData("QUERY")]
    [InlineData("PUT")]
    public async Task A_method_that_the_clone_does_not_know_is_the_clones_to_refuse(string method)
    {
        var answer = await program.Program.SendRawAsync($"{method} {Api}/user HTTP/1.1\r\n{Host}\r\n");

        Assert.Equal((404, null), (answer!.Head.Status, answer.Head["x-route-error"]));
        Assert.Contains("docs.github.com", answer.Text, StringComparison.Ordinal);
        Assert.NotNull(answer.Head["x-github-request-id"]);
    }

    // Asked through the gateway and straight at the worker's own port; the two must agree to the byte.
    [Theory]
    [InlineData("/api/repos/octocat/small-project")]
    [InlineData("/api/repos/octocat/small%2Dproject")]
    [InlineData("/api/repos/octocat%2Fsmall-project")]
    [InlineData("/api/repos/octocat%2fsmall-project")]
    [InlineData("/api/repos//octocat/small-project")]
    [InlineData("/api//repos/octocat/small-project")]
    [InlineData("/api/repos/octocat/small-project/")]
    [InlineData("/api/repos/octocat/small-project//")]
    [InlineData("/api/repos/%6Fctocat/small-project")]
    [InlineData("/api/repos/octocat/small%252Dproject")]
    [InlineData("/api/repos/octocat/sm%C3%A9")]
    [InlineData("/api/repos/octocat/%")]
    [InlineData("/api/repos/octocat/%zz")]
    [InlineData("/api/repos/octocat/...")]
    [InlineData("/api/repos/octocat/a;b=c,d")]
    [InlineData("/api/repos/octocat/small-project/issues?state=all&per_page=1&x=%2F%5c..//")]
    [InlineData("/api/repos/octocat/small-project/issues?per_page=2&labels=%62ug")]
    [InlineData("/api/repos/octocat/small-project/issues?per_page=1&per_page=2")]
    [InlineData("/api/repos/octocat/small-project/issues?state=all?per_page=1")]
    [InlineData("/api/repos/octocat/small-project?")]
    [InlineData("/api")]
    [InlineData("/api/")]
    [InlineData("/api?x=../..")]
    [InlineData("/api/v3/repos/octocat/small-project")]
    [InlineData("/mcp")]
    [InlineData("/mcp/x?y")]
    public async Task A_target_reaches_the_clone_byte_for_byte(string target)
    {
        var through = await program.Program.SendRawAsync($"GET /runtime/{program.Session}/github{target} HTTP/1.1\r\n{Host}\r\n");
        var (port, ticket) = await WorkerAsync();
        await using var worker = await RawConnection.ConnectAsync(port);
        var baseUrl = $"{program.Program.Url.GetLeftPart(UriPartial.Authority)}/runtime/{program.Session}/github";
        await worker.SendAsync(
            $"GET {target} HTTP/1.1\r\nHost: worker\r\nAuthorization: Bearer x\r\nx-clone-ticket: {ticket}\r\nx-clone-base-url: {baseUrl}\r\n\r\n");
        var straight = await worker.ReadAnswerAsync();

        Assert.Null(through!.Head["x-route-error"]);
        Assert.Equal((straight!.Head.StartLine, straight.Text), (through.Head.StartLine, through.Text));
        Assert.Equal((straight.Head["ETag"], straight.Head["Link"], straight.Head["Location"]), (through.Head["ETag"], through.Head["Link"], through.Head["Location"]));
    }

    [Fact]
    public async Task The_worker_opens_to_nothing_but_its_ticket()
    {
        var (port, ticket) = await WorkerAsync();
        string[] all =
        [
            "",
            $"x-clone-ticket: {ticket[..^1]}_\r\n",
            $"x-clone-ticket: {ticket}\r\nx-clone-ticket: {ticket}\r\n",
            $"x-clone-ticket: {ticket.Replace(".1.", ".2.", StringComparison.Ordinal)}\r\n",
            $"Authorization: Bearer {program.Key.Secret}\r\n",
        ];
        foreach (var sent in all)
        {
            await using var worker = await RawConnection.ConnectAsync(port);
            await worker.SendAsync($"GET /api/user HTTP/1.1\r\nHost: worker\r\n{sent}\r\n");
            var answer = await worker.ReadAnswerAsync();

            Assert.Equal((403, ""), (answer!.Head.Status, answer.Text));
        }
    }

    [Fact]
    public async Task A_header_of_twenty_kilobytes_passes()
    {
        var answer = await program.Program.SendRawAsync($"GET {Api}/user HTTP/1.1\r\n{Host}X-Big: {new string('b', 20_000)}\r\n\r\n");

        Assert.Equal((200, null), (answer!.Head.Status, answer.Head["x-route-error"]));
    }

    [Fact]
    public async Task Two_hundred_connections_are_kept_open_side_by_side()
    {
        var wires = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => program.Program.ConnectAsync()));
        for (var round = 0; round < 3; round++)
        {
            var answers = await Task.WhenAll(wires.Select(async wire =>
            {
                await wire.SendAsync($"GET {Api}/user HTTP/1.1\r\n{Host}\r\n");
                return await wire.ReadAnswerAsync();
            }));
            Assert.All(answers, answer => Assert.Equal(200, answer?.Head.Status));
        }

        await Task.WhenAll(wires.Select(wire => wire.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task What_is_pipelined_is_answered_in_order()
    {
        await using var wire = await program.Program.ConnectAsync();
        await wire.SendAsync(
            $"GET {Api}{Repository} HTTP/1.1\r\n{Host}\r\nGET {Api}{Repository} HTTP/1.1\r\nHost: localhost\r\n\r\nGET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"
            + $"GET {Api}/user HTTP/1.1\r\n{Host}\r\n");

        Assert.Contains("small-project", (await wire.ReadAnswerAsync())!.Text, StringComparison.Ordinal);
        Assert.Equal("credential_missing", (await wire.ReadAnswerAsync())!.Head["x-route-error"]);
        Assert.Contains("live", (await wire.ReadAnswerAsync())!.Text, StringComparison.Ordinal);
        Assert.Contains("\"login\":\"octocat\"", (await wire.ReadAnswerAsync())!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_expects_100_is_told_to_go_on_and_who_may_not_is_refused_instead()
    {
        var body = $$"""{"name":"expected-{{Guid.NewGuid():N}}"}""";
        var asks = $"Expect: 100-continue\r\nContent-Length: {body.Length}\r\n\r\n";
        await using var wire = await program.Program.ConnectAsync();
        await wire.SendAsync($"POST {Api}/user/repos HTTP/1.1\r\n{Host}{asks}");
        Assert.Equal(100, (await wire.ReadHeadAsync())!.Status);
        await wire.SendAsync(body);
        Assert.Equal(201, (await wire.ReadAnswerAsync())!.Head.Status);

        (await program.Program.SendRawAsync($"POST {Api}/user/repos HTTP/1.1\r\nHost: localhost\r\n{asks}"))!.AssertIs(401, "credential_missing");
    }

    [Fact]
    public async Task Ids_have_no_case_and_links_are_in_the_form_that_was_used()
    {
        var upper = Api.Replace(program.Session, program.Session.ToUpperInvariant(), StringComparison.Ordinal);
        var path = await program.Program.SendRawAsync($"GET {upper}{Repository} HTTP/1.1\r\n{Host}\r\n");
        var host = await program.Program.SendRawAsync(
            $"GET /GitHub/api{Repository} HTTP/1.1\r\nHost: {program.Session.ToUpperInvariant()}.Clones.LocalHost:1\r\nAuthorization: Bearer {program.Key.Secret}\r\n\r\n");

        Assert.Equal($"{program.Program.Url.GetLeftPart(UriPartial.Authority)}{Api}{Repository}", Url(path!));
        Assert.Equal($"http://{program.Session}.clones.localhost:{program.Program.Url.Port}/github/api{Repository}", Url(host!));
    }

    [Fact]
    public async Task An_HTTP_1_0_client_is_answered_and_let_go()
    {
        await using var wire = await program.Program.ConnectAsync();
        await wire.SendAsync($"GET {Api}/user HTTP/1.0\r\n{Host}\r\n");
        var head = await wire.ReadHeadAsync();
        await wire.ReadToEndAsync();

        Assert.Equal((200, null), (head!.Status, head["Transfer-Encoding"]));
        Assert.Contains("\"login\":\"octocat\"", wire.Seen, StringComparison.Ordinal);
    }

    private static string Url(Received answer) => JsonDocument.Parse(answer.Body).RootElement.GetProperty("url").GetString()!;

    // The worker's port is in the log, and the placement's key in the session's record: nobody but this machine's user reads either.
    private async Task<(int Port, string Ticket)> WorkerAsync()
    {
        const string Before = "answers on http://127.0.0.1:";
        await program.Program.LoggedAsync(Before);
        var log = program.Program.Log;
        var start = log.IndexOf(Before, StringComparison.Ordinal) + Before.Length;
        await using var database = new SqliteConnection($"Data Source={Path.Combine(program.Program.Data, "control.db")};Mode=ReadOnly;Pooling=False");
        await database.OpenAsync();
        await using var query = database.CreateCommand();
        query.CommandText = "SELECT state ->> '$.placement.epoch' || '.' || (state ->> '$.placement.key') FROM record WHERE kind = 'session' AND key = $key";
        query.Parameters.AddWithValue("$key", program.Session);
        return (int.Parse(log[start..log.IndexOf('/', start)], CultureInfo.InvariantCulture), $"{program.Session}.github.{await query.ExecuteScalarAsync()}");
    }
}
