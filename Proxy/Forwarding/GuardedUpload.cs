namespace ControlPlane.Forwarding;

/// <summary>The caller's body on its way to the clone: looked at after each read, before the chunk is passed on.</summary>
/// <param name="maxBytes">The largest body that is taken.</param>
internal sealed class GuardedUpload(ProxiedRequest request, Stream inner, long maxBytes) : ReadOnlyStream
{
    private long _bytes;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        if (read == 0)
        {
            return 0;
        }

        _bytes += read;
        request.IsTooLarge = _bytes > maxBytes;
        if (request.IsTooLarge || !request.Passes(read, fromCaller: true))
        {
            throw new CutException();
        }

        request.Moved();
        return read;
    }
}
