using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ControlPlane.Forwarding;

/// <summary>
/// The caller's side of an answer. Each chunk read from the clone is looked at before it is passed on, and the look and the handing over
/// are one step for whoever cuts.
/// </summary>
internal sealed class GuardedAnswer(ProxiedRequest request, IHttpResponseBodyFeature inner) : WriteOnlyStream, IHttpResponseBodyFeature
{
    /// <summary>The server's own feature.</summary>
    public IHttpResponseBodyFeature Inner => inner;

    public Stream Stream => this;

    public PipeWriter Writer => field ??= PipeWriter.Create(this, new StreamPipeWriterOptions(leaveOpen: true));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!request.Passes(buffer.Length))
        {
            return ValueTask.FromException(new CutException());
        }

        request.Moved();
        lock (request.Gate)
        {
            return request.IsClosed ? ValueTask.FromException(new CutException()) : inner.Stream.WriteAsync(buffer, cancellationToken);
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        lock (request.Gate)
        {
            return request.IsClosed ? Task.FromException(new CutException()) : inner.Stream.FlushAsync(cancellationToken);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        lock (request.Gate)
        {
            return request.IsClosed ? Task.FromException(new CutException()) : inner.StartAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Ends the answer, and begins it if it has no body: what the clone said in status, headers and trailers passes the gate like its
    /// bytes. Does nothing when cut.
    /// </summary>
    public Task FinishAsync()
    {
        if (!request.Passes(0))
        {
            return Task.CompletedTask;
        }

        lock (request.Gate)
        {
            request.IsFinished = !request.IsClosed;
            return request.IsClosed ? Task.CompletedTask : inner.CompleteAsync();
        }
    }

    public Task CompleteAsync() => FinishAsync();

    public void DisableBuffering() => inner.DisableBuffering();

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        SendFileFallback.SendFileAsync(this, path, offset, count, cancellationToken);
}
