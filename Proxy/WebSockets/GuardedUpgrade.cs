using ControlPlane.Forwarding;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ControlPlane.WebSockets;

/// <summary>
/// Stands between the forwarder and the server's upgrade, over HTTP/1.1 or HTTP/2 (RFC 8441), so that the stream that the forwarder gets
/// is one that can be cut. The clone's 101 passes the gate like its bytes.
/// </summary>
internal sealed class GuardedUpgrade(
    ProxiedRequest request, IHttpUpgradeFeature? upgrade, IHttpExtendedConnectFeature? connect, TimeProvider time, CancellationToken stopping)
    : IHttpUpgradeFeature, IHttpExtendedConnectFeature
{
    public bool IsUpgradableRequest => upgrade?.IsUpgradableRequest ?? false;

    public bool IsExtendedConnect => connect?.IsExtendedConnect ?? false;

    public string? Protocol => connect?.Protocol;

    /// <summary>Whether a request opens a WebSocket.</summary>
    public static bool IsWebSocket(HttpContext context) =>
        (context.Request.Headers.Upgrade.Count > 0 && context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true })
        || IsExtendedConnectWebSocket(context);

    /// <summary>Whether it does so over HTTP/2.</summary>
    public static bool IsExtendedConnectWebSocket(HttpContext context) =>
        HttpMethods.IsConnect(context.Request.Method)
        && context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true, Protocol: "websocket" };

    /// <summary>Puts itself between.</summary>
    public static void Install(HttpContext context, ProxiedRequest request, TimeProvider time, CancellationToken stopping)
    {
        var features = context.Features;
        var guard = new GuardedUpgrade(request, features.Get<IHttpUpgradeFeature>(), features.Get<IHttpExtendedConnectFeature>(), time, stopping);
        if (guard.IsExtendedConnect)
        {
            context.Features.Set<IHttpExtendedConnectFeature>(guard);
        }
        else
        {
            context.Features.Set<IHttpUpgradeFeature>(guard);
        }
    }

    public async Task<Stream> UpgradeAsync()
    {
        Task<Stream> opening;
        lock (request.Gate)
        {
            opening = request.IsClosed || upgrade is null ? throw new CutException() : upgrade.UpgradeAsync();
        }

        return Guarded(await opening);
    }

    public async ValueTask<Stream> AcceptAsync()
    {
        ValueTask<Stream> opening;
        lock (request.Gate)
        {
            opening = request.IsClosed || connect is null ? throw new CutException() : connect.AcceptAsync();
        }

        return Guarded(await opening);
    }

    private WebSocketStream Guarded(Stream stream)
    {
        var socket = request.Socket = new WebSocketStream(request, stream, time);
        request.Leaving = stopping.UnsafeRegister(static socket => ((WebSocketStream)socket!).Leave(), socket);
        return socket;
    }
}
