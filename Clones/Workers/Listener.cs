using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ControlPlane.Workers;

/// <summary>
/// One Kestrel for one port, without a host around it. Two listeners share nothing, so what belongs to the control port cannot be reached
/// through the data port by any mistake in routing; and there is no container to build, so a worker starts in milliseconds.
/// </summary>
internal sealed class Listener : IHttpApplication<HttpContext>, IAsyncDisposable
{
    private readonly KestrelServer _server;
    private readonly Func<HttpContext, Task> _answer;

    private Listener(KestrelServer server, Func<HttpContext, Task> answer)
    {
        _server = server;
        _answer = answer;
    }

    /// <summary>Where it listens, with the port that was taken.</summary>
    public Uri Address => new(_server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());

    public static async Task<Listener> StartAsync(
        string url, LimitOptions limits, Func<HttpContext, Task> answer, ILoggerFactory loggers, CancellationToken token)
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Bound(limits);
        options.Listen(EndPointOf(url), listen => listen.Protocols = HttpProtocols.Http1);
        var transport = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), loggers);
        var listener = new Listener(new KestrelServer(Options.Create(options), transport, loggers), answer);
        await listener._server.StartAsync(listener, token);
        return listener;
    }

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public Task ProcessRequestAsync(HttpContext context) => _answer(context);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    /// <summary>Takes no more connections, and returns when what is in flight is done or the token ends the patience.</summary>
    public Task StopAsync(CancellationToken token) => _server.StopAsync(token);

    public ValueTask DisposeAsync()
    {
        _server.Dispose();
        return ValueTask.CompletedTask;
    }

    private static IPEndPoint EndPointOf(string url)
    {
        if (!Uri.TryCreate(url.Replace("//*", "//0.0.0.0", StringComparison.Ordinal), UriKind.Absolute, out var uri) || uri.Scheme != "http")
        {
            throw new ArgumentException($"'{url}' is no address to listen on. Expected: http://<IP address or localhost>:<port>.", nameof(url));
        }

        var address = uri.Host == "localhost" ? IPAddress.Loopback
            : IPAddress.TryParse(uri.Host, out var given) ? given
            : throw new ArgumentException($"'{uri.Host}' is a name; a worker listens on an IP address or on localhost.", nameof(url));
        return new IPEndPoint(address, uri.Port);
    }
}
