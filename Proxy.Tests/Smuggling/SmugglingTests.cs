using System.Text;
using ControlPlane.Targets;
using ControlPlane.Wire;
using FsCheck.Fluent;

namespace ControlPlane.Smuggling;

/// <summary>What could make the gateway and the worker read one stream of bytes as two different requests.</summary>
public sealed class SmugglingTests : IAsyncLifetime
{
    private GatewayUnderTest _gateway = null!;
    private RawConnection? _caller;

    public async Task InitializeAsync() => _gateway = await GatewayUnderTest.StartAsync();

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    // {A} is a valid Authorization line, {T} a valid target of the path form.
    [Theory]
    [InlineData("GET http://localhost{T} HTTP/1.1\r\nHost: localhost\r\n{A}\r\n\r\n")]
    [InlineData("GET http://evil{T} HTTP/1.1\r\nHost: localhost\r\n{A}\r\n\r\n")]
    [InlineData("GET http://ses-1.clones.localhost/github/api HTTP/1.1\r\nHost: localhost\r\n{A}\r\n\r\n")]
    [InlineData("GET {T} HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n{A}\r\n\r\n")]
    [InlineData("GET {T} HTTP/1.1\r\nHost: localhost\r\nHost: ses-1.clones.localhost\r\n{A}\r\n\r\n")]
    [InlineData("GET {T} HTTP/1.1\r\n{A}\r\n\r\n")]
    [InlineData("GET {T} HTTP/1.1\r\nHost: localhost, evil\r\n{A}\r\n\r\n")]
    [InlineData("GET {T} HTTP/1.1\r\nHost: evil@localhost\r\n{A}\r\n\r\n")]
    [InlineData("GET {T} HTTP/1.1\r\nHost : localhost\r\n{A}\r\n\r\n")]
    [InlineData("GET {T} HTTP/1.1\r\nHost: localhost\r\nX: a\r\n folded\r\n{A}\r\n\r\n")]
    [InlineData("GET {T} HTTP/1.1\r\nHost: localhost\r\n{A}\r\n\tfolded\r\n\r\n")]
    [InlineData("GET {T} HTTP/1.1\r\nHost: localhost\r\n{A}\r\nX: a\rb\r\n\r\n")]
    [InlineData("GET {T} HTTP/1.1\r\nHost: localhost\r\n{A}\r\nX: a\0b\r\n\r\n")]
    [InlineData("GET {T} HTTP/1.1\r\nHost: localhost\r\n{A}\r\nX y: a\r\n\r\n")]
    [InlineData("GET {T} HTTP/1.1\r\nHost: localhost\r\n{A}\r\n: a\r\n\r\n")]
    [InlineData("GET {T}\rx HTTP/1.1\r\nHost: localhost\r\n{A}\r\n\r\n")]
    [InlineData("GET {T}\tx HTTP/1.1\r\nHost: localhost\r\n{A}\r\n\r\n")]
    [InlineData("GET {T} x HTTP/1.1\r\nHost: localhost\r\n{A}\r\n\r\n")]
    [InlineData("GET {T}\u00e9 HTTP/1.1\r\nHost: localhost\r\n{A}\r\n\r\n")]
    [InlineData("POST {T} HTTP/1.1\r\nHost: localhost\r\n{A}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("POST {T} HTTP/1.1\r\nHost: localhost\r\n{A}\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n")]
    [InlineData("POST {T} HTTP/1.1\r\nHost: localhost\r\n{A}\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello")]
    [InlineData("POST {T} HTTP/1.1\r\nHost: localhost\r\n{A}\r\nContent-Length: 5, 5\r\n\r\nhello")]
    [InlineData("POST {T} HTTP/1.1\r\nHost: localhost\r\n{A}\r\nContent-Length: -5\r\n\r\nhello")]
    [InlineData("POST {T} HTTP/1.1\r\nHost: localhost\r\n{A}\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n")]
    [InlineData("POST {T} HTTP/1.1\r\nHost: localhost\r\n{A}\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n")]
    [InlineData("POST {T} HTTP/1.1\r\nHost: localhost\r\n{A}\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n")]
    [InlineData("POST {T} HTTP/1.1\r\nHost: localhost\r\n{A}\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("TRACE {T} HTTP/1.1\r\nHost: localhost\r\n{A}\r\n\r\n")]
    [InlineData("CONNECT localhost:80 HTTP/1.1\r\nHost: localhost:80\r\n{A}\r\n\r\n")]
    [InlineData("CONNECT {T} HTTP/1.1\r\nHost: localhost\r\n{A}\r\n\r\n")]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: ses-1.clones.localhost\r\n{A}\r\n\r\n")]
    [InlineData("GET {T} HTTP/1.1\r\nHost: localhost\r\n{A}\r\nConnection: host\r\n\r\n")]
    [InlineData("GET {T} HTTP/1.1\r\nHost: localhost\r\n{A}\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n")]
    [InlineData("GET {T}/../../../../slack/api HTTP/1.1\r\nHost: localhost\r\n{A}\r\n\r\n")]
    [InlineData("GET {T} HTTP/1.1\r\nHost: unknown.example\r\n{A}\r\n\r\n")]
    public async Task Nothing_reaches_the_worker(string message)
    {
        var bytes = message
            .Replace("{T}", "/runtime/ses-1/github/api", StringComparison.Ordinal)
            .Replace("{A}", $"Authorization: Bearer {_gateway.Token}", StringComparison.Ordinal);
        var answer = await _gateway.SendRawAsync(bytes);

        Assert.True(answer is null || answer.Head.Status is >= 400 and < 500 or 501, answer?.Head.StartLine);
        Assert.Equal(0, _gateway.Worker.Requests);
    }

    [Fact]
    public async Task A_length_is_passed_on_as_the_number_that_was_read()
    {
        await _gateway.SendRawAsync(
            $"POST /runtime/ses-1/github/api HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {_gateway.Token}\r\n"
            + "Content-Length: +5\r\n\r\nhello");

        Assert.Equal("5", (await _gateway.Worker.NextAsync()).Head["Content-Length"]);
    }

    [Fact]
    public async Task A_second_request_behind_a_refused_one_is_read_as_one()
    {
        // Whatever the server makes of the bytes after a refused message with two lengths, they are no request in the first one's name.
        await using var wire = await RawConnection.ConnectAsync(_gateway.Port);
        await wire.SendAsync(
            $"POST /runtime/ses-1/github/api HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {_gateway.Token}\r\nContent-Length: 4\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /runtime/ses-1/github/api/smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n");
        await wire.ReadToEndAsync();

        Assert.Equal(0, _gateway.Worker.Requests);
    }

    [Fact]
    public async Task Ten_thousand_targets_reach_the_worker_unchanged_or_not_at_all()
    {
        await using var straight = await RawConnection.ConnectAsync(_gateway.Worker.Address.Port);
        var passed = 0;
        foreach (var raw in Gen.Sample(RawTargets.Any, 10_000, 40))
        {
            foreach (var (host, prefix) in new[] { ("localhost", "/runtime/ses-1"), ("ses-1.clones.localhost", "") })
            {
                var (head, text) = await AskAsync(raw, host);
                if (head.Status != 200 || text == "our own")
                {
                    var isUnknown = head["x-route-error"] is "session_not_found" or "clone_not_in_session";
                    Assert.True(head.Status is 200 or 400 or 405 || isUnknown, raw + head + text);
                    continue;
                }

                passed++;
                var received = (await _gateway.Worker.NextAsync()).Head;
                var named = $"{prefix}/{received["x-clone-ticket"]!.Split('.')[1]}";
                Assert.Equal(named, raw[..named.Length], ignoreCase: true);
                await straight.SendAsync($"GET {raw[named.Length..]} HTTP/1.1\r\nHost: worker\r\n\r\n");
                await straight.ReadBodyAsync((await straight.ReadHeadAsync())!);
                Assert.Equal((await _gateway.Worker.NextAsync()).Head.StartLine, received.StartLine);
            }
        }

        Assert.InRange(passed, 500, 20_000);
        await (_caller?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    // On one connection as long as the server keeps it: it closes it after what is no HTTP at all.
    private async Task<(Head Head, string Text)> AskAsync(string raw, string host)
    {
        _caller ??= await RawConnection.ConnectAsync(_gateway.Port);
        await _caller.SendAsync($"GET {raw} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {_gateway.Token}\r\n\r\n");
        var head = (await _caller.ReadHeadAsync())!;
        var text = Encoding.UTF8.GetString(await _caller.ReadBodyAsync(head));
        if (head["Connection"] == "close")
        {
            await _caller.DisposeAsync();
            _caller = null;
        }

        return (head, text);
    }
}
