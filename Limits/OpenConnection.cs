using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace ControlPlane;

/// <summary>One that is open, and whether anything is under way on it. Requests find it among the features of their connection.</summary>
internal sealed class OpenConnection(ConnectionContext connection, Room address)
{
    private long _quietSince = Environment.TickCount64;
    private int _underWay;
    private bool _hasAsked;

    /// <summary>Among all of the listener.</summary>
    public Seat InAll { get; } = new();

    /// <summary>All of its address.</summary>
    public Room Address => address;

    /// <summary>Among those of its address.</summary>
    public Seat InAddress { get; } = new();

    /// <summary>It was told to make room. Under the lock of its rooms.</summary>
    public bool IsLeaving { get; set; }

    public bool IsQuiet => Volatile.Read(ref _underWay) == 0;

    /// <summary>One that never asked anything goes before one that did, and then the one that has been quiet for longer.</summary>
    public bool GoesBefore(OpenConnection? other) =>
        other is null || (_hasAsked == other._hasAsked ? Volatile.Read(ref _quietSince) < Volatile.Read(ref other._quietSince) : other._hasAsked);

    public void Begin()
    {
        Interlocked.Increment(ref _underWay);
        _hasAsked = true;
    }

    public void End()
    {
        Volatile.Write(ref _quietSince, Environment.TickCount64);
        Interlocked.Decrement(ref _underWay);
    }

    /// <summary>
    /// One that has asked before may be asking just now: it is closed as a server closes it that shuts down, after what is under way (HTTP/2:
    /// with GOAWAY). One that never did is cut, be it in the middle of a handshake or of its first head.
    /// </summary>
    public void Close()
    {
        if (_hasAsked && connection.Features.Get<IConnectionLifetimeNotificationFeature>() is { } lifetime)
        {
            lifetime.RequestClose();
            return;
        }

        connection.Abort(new ConnectionAbortedException("The listener was full, and nothing had been asked over this connection yet."));
    }
}
