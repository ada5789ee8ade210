using System.Diagnostics.CodeAnalysis;
using ControlPlane.Errors;
using ControlPlane.Gateways;
using ControlPlane.Telemetry;
using ControlPlane.WebSockets;

namespace ControlPlane.Forwarding;

/// <summary>
/// One request on its way through: in the registry, so that a recall can cut it, and that it is ended when nothing moves (<see cref="StillClock"/>).
/// </summary>
/// <remarks>
/// Cutting is two things. The gate closes at once, under the lock in which bytes are handed to the caller's connection, so that none
/// passes after <see cref="OnCut"/> has returned. The call to the worker is then ended by another thread, because cancelling runs the
/// callbacks of everybody who waits.
/// </remarks>
[SuppressMessage(
    "Design", "CA1001", Justification = "The source holds nothing that is not garbage; disposing it would race with whoever cancels it.")]
internal sealed class ProxiedRequest(TimeProvider time) : InFlight
{
    private readonly CancellationTokenSource _end = new();
    private TimeSpan _limit = Timeout.InfiniteTimeSpan;
    private long _moved;
    private StreamKind _stream;

    /// <summary>Held while bytes are handed on, never while anything is waited for.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Whether nothing of the clone's may be passed on any more. Read under <see cref="Gate"/>.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Whether something was not passed on, because of a cut or because the gateway's lease is over.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Whether the whole answer has been handed to the caller's connection.</summary>
    public bool IsFinished { get; set; }

    /// <summary>Whether its answer had begun and could not be brought to its end.</summary>
    public bool IsBrokenOff { get; set; }

    /// <summary>Whether the body was larger than is taken.</summary>
    public bool IsTooLarge { get; set; }

    /// <summary>The caller's side of an upgraded connection; null when there is none.</summary>
    public WebSocketStream? Socket { get; set; }

    /// <summary>What tells the caller's side that the gateway stops.</summary>
    public CancellationTokenRegistration Leaving { get; set; }

    /// <summary>Ends the call to the worker: cut, or nothing moved for too long.</summary>
    public CancellationToken Ended => _end.Token;

    /// <summary>
    /// Whether what was just read may be passed on. Asked after each read, because no timer is to be trusted after a freeze.
    /// </summary>
    /// <param name="fromCaller">Whether it comes from the caller, or from the clone.</param>
    public bool Passes(long bytes, bool fromCaller = false)
    {
        IsStopped = IsStopped || !MayPass(bytes, fromCaller);
        return !IsStopped;
    }

    /// <summary>Something moved, in whichever direction.</summary>
    public void Moved() => Volatile.Write(ref _moved, time.GetTimestamp());

    /// <summary>From now on something has to move within this time.</summary>
    public void MustMove(TimeSpan within)
    {
        Moved();
        _limit = within;
    }

    /// <summary>Whether nothing has moved for longer than it may.</summary>
    public bool IsStill(long now) =>
        _limit is var limit && limit != Timeout.InfiniteTimeSpan && time.GetElapsedTime(Volatile.Read(ref _moved), now) >= limit;

    /// <summary>Ends the call to the worker, on another thread: that runs the callbacks of everybody who waits.</summary>
    public void GiveUp() => ThreadPool.UnsafeQueueUserWorkItem(static end => end.Cancel(), _end, preferLocal: false);

    /// <summary>The answer has begun and is a stream, if it is one.</summary>
    public void Opens(StreamKind kind)
    {
        if (kind != StreamKind.None)
        {
            _stream = kind;
            RequestMeter.Stream(kind, 1);
        }
    }

    /// <summary>It is over.</summary>
    public void Over()
    {
        _limit = Timeout.InfiniteTimeSpan;
        Leaving.Unregister();
        if (_stream != StreamKind.None)
        {
            RequestMeter.Stream(_stream, -1);
            _stream = StreamKind.None;
        }
    }

    /// <summary>The gateway stops, and this connection with it.</summary>
    public void EndForRestart() => End(Endings.Restarting);

    /// <inheritdoc/>
    protected override void OnCut(Refusal because)
    {
        lock (Gate)
        {
            IsClosed = true;
        }

        GiveUp();
    }
}
