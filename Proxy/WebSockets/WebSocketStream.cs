using System.Buffers.Binary;
using System.Text;
using ControlPlane.Forwarding;

namespace ControlPlane.WebSockets;

/// <summary>
/// The caller's side of a WebSocket: looked at after each read in either direction, and able to say why it ends. What was cut inside a
/// frame can only be aborted, for not a byte of the clone's may pass any more.
/// </summary>
internal sealed class WebSocketStream(ProxiedRequest request, Stream inner, TimeProvider time) : UnseekableStream
{
    /// <summary>How long the caller has to take what was written and the close frame.</summary>
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromMilliseconds(100);

    private FrameBoundary _toCaller;
    private bool _isLeaving;
    private Task _writing = Task.CompletedTask;

    public override bool CanRead => true;
    public override bool CanWrite => true;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        return read == 0 || request.Passes(read, fromCaller: true) ? read : throw new CutException();
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!request.Passes(buffer.Length))
        {
            return ValueTask.FromException(new CutException());
        }

        lock (request.Gate)
        {
            if (request.IsClosed)
            {
                return ValueTask.FromException(new CutException());
            }

            // Not the token: a write that is cancelled aborts the connection, and the close frame with it.
            var write = inner.WriteAsync(buffer, CancellationToken.None);
            _toCaller.Follow(buffer.Span);
            _writing = write.IsCompletedSuccessfully ? Task.CompletedTask : write.AsTask();
        }

        LeaveBetweenFrames();
        return _writing.IsCompletedSuccessfully ? ValueTask.CompletedTask : new ValueTask(_writing.WaitAsync(cancellationToken));
    }

    /// <summary>The gateway stops: the connection ends between two frames, now or as soon as the one that is under way is whole.</summary>
    public void Leave()
    {
        lock (request.Gate)
        {
            _isLeaving = true;
        }

        LeaveBetweenFrames();
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Says goodbye with a close frame, when the forwarder has let go of the stream. False when that is not possible: inside a frame,
    /// or with a caller that does not take what was written; then the connection has to be aborted.
    /// </summary>
    public async Task<bool> TryCloseAsync(ushort status, string reason)
    {
        if (_toCaller.IsClosing || !_toCaller.IsBetweenFrames)
        {
            return _toCaller.IsClosing;
        }

        using var timeout = new CancellationTokenSource(CloseTimeout, time);
        try
        {
            await _writing.WaitAsync(timeout.Token);
            await inner.WriteAsync(CloseFrame(status, reason), timeout.Token);

            // The caller answers with a close frame of its own. Closing the socket over bytes that nobody has read would reset it, and
            // the reset can overtake what was just written.
            var rest = new byte[1024];
            while (await inner.ReadAsync(rest, timeout.Token) > 0)
            {
            }
        }
        catch (OperationCanceledException)
        {
            return _writing.IsCompletedSuccessfully;
        }
        catch (IOException)
        {
            return false;
        }

        return true;
    }

    private void LeaveBetweenFrames()
    {
        lock (request.Gate)
        {
            if (!_isLeaving || !_toCaller.IsBetweenFrames)
            {
                return;
            }
        }

        request.EndForRestart();
    }

    private static byte[] CloseFrame(ushort status, string reason)
    {
        const byte FinalClose = 0x88;
        var frame = new byte[4 + Encoding.UTF8.GetByteCount(reason)];
        frame[0] = FinalClose;
        frame[1] = (byte)(frame.Length - 2);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), status);
        Encoding.UTF8.GetBytes(reason, frame.AsSpan(4));
        return frame;
    }
}
