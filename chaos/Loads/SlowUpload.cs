using System.Net;

namespace ControlPlane.Loads;

/// <summary>A body that is a few seconds on its way, a little at a time: a stream that is cut is seen, which short requests are not.</summary>
internal sealed class SlowUpload(TimeSpan length) : HttpContent
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>More than the slowest body that a server reads for long.</summary>
    private static readonly byte[] Piece = [.. Enumerable.Repeat((byte)' ', 256)];

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        for (var sent = TimeSpan.Zero; sent < length; sent += Pause)
        {
            await stream.WriteAsync(Piece);
            await stream.FlushAsync();
            await Task.Delay(Pause, TimeProvider.System);
        }

        await stream.WriteAsync("{}"u8.ToArray());
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
