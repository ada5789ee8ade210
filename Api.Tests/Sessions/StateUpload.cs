using System.Net.Sockets;
using System.Text;
using ControlPlane.Hosting;

namespace ControlPlane.Sessions;

/// <summary>
/// A whole state on its way to a clone, whose body the caller holds back at first. The server says <c>100 Continue</c> when it begins to read it.
/// </summary>
internal sealed class StateUpload(Socket socket, int bytes) : IDisposable
{
    private const int FirstBytes = 64 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Sends the head of the request, and nothing of its body.</summary>
    public static async Task<StateUpload> BeginAsync(ManagementHost host, string token, string session, string clone, int bytes)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(host.Address.Host, host.Address.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"POST /api/sessions/{session}/clones/{clone}/seed HTTP/1.1\r\nHost: {host.Address.Authority}\r\nAuthorization: Bearer {token}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {bytes}\r\nExpect: 100-continue\r\n\r\n"));
        return new StateUpload(socket, bytes);
    }

    /// <summary>The lines of the next head that the server sends.</summary>
    public async Task<string[]> HeadAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        var head = new StringBuilder();
        var buffer = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            Assert.Equal(1, await socket.ReceiveAsync(buffer, limit.Token));
            head.Append((char)buffer[0]);
        }

        return head.ToString().Split("\r\n");
    }

    /// <summary>Sends so much of the body that the server does not take its sender for one that is too slow.</summary>
    public async Task SendFirstAsync()
    {
        var first = new byte[FirstBytes];
        first.AsSpan().Fill((byte)'x');
        "{\"state\":\""u8.CopyTo(first);
        await socket.SendAsync(first);
    }

    /// <summary>Sends the rest of the body.</summary>
    public async Task SendRestAsync()
    {
        var rest = new byte[bytes - FirstBytes];
        rest.AsSpan().Fill((byte)'x');
        "\"}"u8.CopyTo(rest.AsSpan(rest.Length - 2));
        await socket.SendAsync(rest);
    }

    public void Dispose() => socket.Dispose();
}
