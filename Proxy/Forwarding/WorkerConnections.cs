using System.Net;
using System.Text;

namespace ControlPlane.Forwarding;

/// <summary>The connections to all workers: one pool, because the ticket, not the connection, says whose request it is.</summary>
internal sealed class WorkerConnections : IDisposable
{
    public HttpMessageInvoker Invoker { get; } = new(
        new SocketsHttpHandler
        {
            // One jar of cookies would be shared by all tenants, and a redirect is the caller's to follow.
            UseCookies = false,
            UseProxy = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,

            // The caller's traceparent passes as it is.
            ActivityHeadersPropagator = null,
            ConnectTimeout = TimeSpan.FromSeconds(2),

            // Header values are bytes to us: Latin-1 gives each its own character, there and back.
            RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
            ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        },
        disposeHandler: true);

    public void Dispose() => Invoker.Dispose();
}
