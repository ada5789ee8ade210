using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using ControlPlane.Hosting;
using ControlPlane.Workspaces;

namespace ControlPlane.Sessions;

/// <summary>
/// A caller whose connection breaks, at whatever byte of its request or of the answer, repeats the call with its Idempotency-Key and has
/// one session.
/// </summary>
public sealed class CutConnectionTests(CutConnectionTests.Host host) : IClassFixture<CutConnectionTests.Host>
{
    private const string Run = "run";

    /// <summary>The key of a call that is not cut, as long as the others.</summary>
    private const string Whole = "not-cut-1";

    [Fact]
    public async Task A_connection_that_breaks_at_any_byte_makes_one_session()
    {
        host.Worker.Capacity = 5_000;
        await host.Heartbeat().BeatAsync();
        var (request, whole) = (Request(Whole), await SendAsync(Request(Whole), int.MaxValue, int.MaxValue));
        Assert.StartsWith("HTTP/1.1 200 ", whole, StringComparison.Ordinal);
        var cuts = Enumerable.Range(0, request.Length).Select(sent => (Sent: sent, Read: 0))
            .Concat(Enumerable.Range(0, whole.Length).Select(read => (Sent: request.Length, Read: read))).ToList();
        var made = new ConcurrentDictionary<string, string>();

        await Parallel.ForEachAsync(cuts, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (cut, _) =>
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"{cut.Sent:0000}-{cut.Read:0000}");
            await SendAsync(Request(key), cut.Sent, cut.Read);
            made[key] = (await RepeatAsync(key)).String("sessionId");
        });

        // The same once more, and nothing else was made: one session for each key, counted once, each on the worker.
        made[Whole] = (await RepeatAsync(Whole)).String("sessionId");
        Assert.Equal(cuts.Count + 1, made.Values.Distinct().Count());
        Assert.Equal(made.Values.Order(), (await SessionsAsync(Run)).Order());
        Assert.Equal(made.Values.Order(), host.Worker.Placements.Keys.Order());
        Assert.Equal(made.Count, (await host.Entities.Workspace(ManagementHost.Main).DescribeAsync())!.LiveSessions);
    }

    private async Task<Answer> RepeatAsync(string key) =>
        (await host.As(host.Key).With("Idempotency-Key", key).PostAsync("/api/sessions", Body(key))).Must(200);

    /// <summary>Sends so many bytes of a request, reads so many of the answer, and breaks the connection.</summary>
    private async Task<string> SendAsync(byte[] request, int send, int read)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { LingerState = new LingerOption(true, 0), NoDelay = true };
        await socket.ConnectAsync(host.Address.Host, host.Address.Port);
        await socket.SendAsync(request.AsMemory(0, Math.Min(send, request.Length)));
        var answer = new StringBuilder();
        var buffer = new byte[1];
        while (answer.Length < read && await socket.ReceiveAsync(buffer) == 1)
        {
            answer.Append((char)buffer[0]);
        }

        return answer.ToString();
    }

    private byte[] Request(string key) => Encoding.ASCII.GetBytes(
        $"POST /api/sessions HTTP/1.1\r\nHost: {host.Address.Authority}\r\nAuthorization: Bearer {host.Key}\r\nIdempotency-Key: {key}\r\n"
        + $"Content-Type: application/json\r\nConnection: close\r\nContent-Length: {Body(key).Length}\r\n\r\n{Body(key)}");

    private static string Body(string key) => $$$"""{"clones":["github"],"labels":{"{{{Run}}}":"{{{key}}}"}}""";

    private async Task<List<string>> SessionsAsync(string label)
    {
        var (found, cursor) = (new List<string>(), "");
        do
        {
            var page = (await host.As(host.Key).GetAsync($"/api/sessions?status=all&limit=200&label={label}{cursor}")).Must(200);
            found.AddRange(page["sessions"].EnumerateArray().Select(session => session.GetProperty("sessionId").GetString()!));
            cursor = page.Json.TryGetProperty("nextCursor", out var next) && next.GetString() is { } after ? $"&cursor={after}" : "";
        }
        while (cursor.Length > 0);

        return found;
    }

    /// <summary>With room for a session for each byte.</summary>
    public sealed class Host() : ManagementHost(reuse: true)
    {
        private protected override WorkspaceOptions Workspaces => new() { SessionsPerMinute = 100_000, MaxLiveSessions = 5_000 };
    }
}
