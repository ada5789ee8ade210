using ControlPlane.Contract;
using ControlPlane.Credentials;
using ControlPlane.Running;
using ControlPlane.Wire;

namespace ControlPlane.Limits;

/// <summary>The built program under those who want to keep it busy.</summary>
public sealed class ListenerTests
{
    private const string Stranger = "127.0.0.2";

    [Fact]
    public async Task Slow_heads_and_slow_bodies_are_cut_and_good_callers_are_served_meanwhile()
    {
        await using var program = await StandaloneProcess.StartAsync(
            null, "--Limits:HeaderTimeout=00:00:01", "--Limits:RateGrace=00:00:02", "--Limits:MinBodyBytesPerSecond=1000");
        var session = await program.StartSessionAsync();
        var heads = await OpenAsync(program, 30, "GET /api/sessions HTTP/1.1\r\nHost: localhost\r\nx-slow: s");
        var bodies = await OpenAsync(
            program, 10, $"POST /api/sessions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {program.OwnerToken}\r\nContent-Length: 1000\r\n\r\n{{");
        var answers = Task.WhenAll(bodies.Select(wire => wire.ReadAnswerAsync()));
        var cut = Task.WhenAll([answers, .. heads.Select(wire => wire.ReadToEndAsync())]);
        await using var good = await program.ConnectAsync();

        var served = 0;
        while (!cut.IsCompleted || served < 10)
        {
            await good.SendAsync(Request(program, session));
            Assert.Equal(200, (await good.ReadAnswerAsync())?.Head.Status);
            served++;
        }

        await cut;
        Assert.All(await answers, answer => answer!.AssertIs(400, "request_invalid"));
        await CloseAsync([.. heads, .. bodies]);
    }

    [Fact]
    public async Task Idle_connections_beyond_the_bound_keep_nobody_out_and_large_heads_are_answered_while_good_callers_are_served()
    {
        await using var program = await StandaloneProcess.StartAsync(null, "--Limits:MaxConnections=60", "--Limits:MaxConnectionsPerAddress=40");
        var session = await program.StartSessionAsync();
        await using var held = await program.ConnectAsync();
        await held.SendAsync(Request(program, session));
        Assert.Equal(200, (await held.ReadAnswerAsync())?.Head.Status);

        var idle = await OpenAsync(program, 80, "");
        for (var late = 0; late < 20; late++)
        {
            var wire = await OpenAsync(program, 1, "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n");
            Assert.Equal(200, (await wire[0].ReadAnswerAsync())?.Head.Status);
            await CloseAsync(wire);
        }

        for (var round = 0; round < 5; round++)
        {
            await using var large = await program.ConnectAsync();
            await large.SendAsync($"GET /api/sessions HTTP/1.1\r\nHost: localhost\r\nx-large: {new string('h', 64 * 1024)}\r\n\r\n");
            (await large.ReadAnswerAsync())!.AssertIs(431, "request_invalid");
            await held.SendAsync(Request(program, session));
            Assert.Equal(200, (await held.ReadAnswerAsync())?.Head.Status);
        }

        await CloseAsync(idle);
    }

    [Fact]
    public async Task Forged_tokens_are_told_to_wait_without_a_line_each_and_good_callers_are_served_meanwhile()
    {
        await using var program = await StandaloneProcess.StartAsync();
        var session = await program.StartSessionAsync();
        var key = await program.CreateKeyAsync();
        Assert.Equal(200, await AskAsync(program, "127.0.0.1", session, () => key.Secret, 1, 200));

        await Task.WhenAll(
            AskAsync(program, Stranger, session, Unknown, 400, 401, 429),
            AskAsync(program, Stranger, session, () => Unknown()[..^1] + "_", 400, 401, 429),
            AskAsync(program, "127.0.0.1", session, () => key.Secret, 400, 200));

        // The twenty that were looked up, and one more for every three seconds that it took.
        Assert.InRange(program.Log.Split('\n').Count(line => line.Contains("credential_", StringComparison.Ordinal)), 20, 60);
        Assert.DoesNotContain("too_many_requests", program.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--Limits:MaxConnections=0", "MaxConnections")]
    [InlineData("--Limits:HeaderTimeout=00:00:00", "HeaderTimeout")]
    [InlineData("--Limits:MaxConnection=5", "MaxConnections")]
    public async Task A_limit_that_cannot_be_is_said_at_the_start(string setting, string said)
    {
        var data = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var (exitCode, _, error) = await StandaloneProcess.RunAsync("--urls", "http://127.0.0.1:0", "--data", data, setting);

        Assert.Equal(1, exitCode);
        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(data));
    }

    private static string Request(StandaloneProcess program, string session) =>
        $"GET /runtime/{session}/github/api/user HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {program.OwnerToken}\r\n\r\n";

    private static string Unknown() => Token.Create(CredentialKind.WorkspaceKey, Token.NewId());

    /// <summary>Asks a clone so often from one address, and answers the last status.</summary>
    private static async Task<int> AskAsync(StandaloneProcess program, string from, string session, Func<string> token, int count, params int[] allowed)
    {
        await using var wire = await RawConnection.ConnectAsync(program.Url.Port, from);
        var status = 0;
        for (var i = 0; i < count; i++)
        {
            await wire.SendAsync($"GET /runtime/{session}/github/api/user HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token()}\r\n\r\n");
            status = (await wire.ReadAnswerAsync())!.Head.Status;
            Assert.Contains(status, allowed);
        }

        return status;
    }

    private static async Task<RawConnection[]> OpenAsync(StandaloneProcess program, int count, string sent)
    {
        var wires = new RawConnection[count];
        for (var i = 0; i < count; i++)
        {
            wires[i] = await RawConnection.ConnectAsync(program.Url.Port, Stranger);
            try
            {
                await wires[i].SendAsync(sent);
            }
            catch (IOException)
            {
                // Refused, and closed before it was sent.
            }
        }

        return wires;
    }

    private static async Task CloseAsync(IEnumerable<RawConnection> wires)
    {
        foreach (var wire in wires)
        {
            await wire.DisposeAsync();
        }
    }
}
