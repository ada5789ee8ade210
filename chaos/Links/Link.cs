using System.Net;
using System.Net.Sockets;

namespace ControlPlane.Links;

/// <summary>A TCP link with faults: it lies between two processes and passes bytes on, late, in one direction only, or not at all.</summary>
public sealed class Link : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _target;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;
    private CancellationTokenSource _cut = new();

    public Link(int port)
    {
        _target = new IPEndPoint(IPAddress.Loopback, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Waited for before each piece is passed on, in either direction.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Nothing passes towards the target; the connection stays, as when packets are lost.</summary>
    public bool StallsThere { get; set; }

    /// <summary>Nothing passes back.</summary>
    public bool StallsBack { get; set; }

    /// <summary>No connection is taken.</summary>
    public bool IsDown { get; private set; }

    /// <summary>Breaks every connection and takes none, or takes them again.</summary>
    public void SetDown(bool down)
    {
        IsDown = down;
        if (down)
        {
            Interlocked.Exchange(ref _cut, new CancellationTokenSource()).Cancel();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _cut.CancelAsync();
        _listener.Stop();
        await _accepting.ContinueWith(static _ => { }, TaskScheduler.Default);
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            _ = CarryAsync(await _listener.AcceptTcpClientAsync(_stopping.Token), _cut.Token);
        }
    }

    private async Task CarryAsync(TcpClient caller, CancellationToken cut)
    {
        using (caller)
        using (var target = new TcpClient { NoDelay = true })
        {
            try
            {
                if (IsDown)
                {
                    caller.Client.Close(0);
                    return;
                }

                caller.NoDelay = true;
                await target.ConnectAsync(_target, cut);
                await Task.WhenAny(
                    PassAsync(caller.GetStream(), target.GetStream(), () => StallsThere, cut),
                    PassAsync(target.GetStream(), caller.GetStream(), () => StallsBack, cut));
            }
            catch (Exception problem) when (problem is IOException or SocketException or OperationCanceledException)
            {
                // Either end is gone: so is the other.
            }
        }
    }

    private async Task PassAsync(NetworkStream from, NetworkStream to, Func<bool> stalls, CancellationToken cut)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, cut) is > 0 and var read)
        {
            while (stalls())
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cut);
            }

            if (Delay > TimeSpan.Zero)
            {
                await Task.Delay(Delay, TimeProvider.System, cut);
            }

            await to.WriteAsync(buffer.AsMemory(0, read), cut);
        }
    }
}
