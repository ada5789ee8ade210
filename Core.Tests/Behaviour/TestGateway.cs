using System.Net;
using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.Gateways;
using ControlPlane.Hosting;
using ControlPlane.Leases;
using ControlPlane.Workspaces;

namespace ControlPlane.Behaviour;

/// <summary>A gateway process whose ways to and from the owners can be cut.</summary>
internal sealed class TestGateway : IAsyncDisposable
{
    private readonly VirtualTime _time;

    public TestGateway(IEntities entities, IGatewayDoor door, LeaseOptions options, VirtualTime time)
    {
        _time = time;
        Gateway = new Gateway(Wire.To(Link, () => entities), new Door(door, this), options, time);
        Admission = new Admission(Gateway, new RefusedTokens(time, perMinute: 20));
        Gateway.Start();
    }

    public Gateway Gateway { get; }

    public Admission Admission { get; }

    /// <summary>The way from the gateway to the owners.</summary>
    public Link Link { get; } = new();

    /// <summary>Whether it does not answer what owners ask it directly.</summary>
    public bool IsSilent { get; set; }

    /// <summary>What it was asked directly while it was not silent.</summary>
    public int Recalls => Volatile.Read(ref _recalls);

    private int _recalls;

    /// <summary>No owner hears of it any more, and it hears of none.</summary>
    public void Vanish() => (IsSilent, Link.IsCut) = (true, true);

    /// <summary>A request for a clone of a session, decided.</summary>
    public Task<TestRequest> AskAsync(string token, string sessionId, string clone = "github", IPAddress? from = null) =>
        _time.PassUntilAsync(AskNowAsync(token, sessionId, clone, from));

    /// <summary>The same, without letting time pass.</summary>
    public async Task<TestRequest> AskNowAsync(string token, string sessionId, string clone = "github", IPAddress? from = null)
    {
        var request = new TestRequest();
        request.Verdict = await Admission.AdmitAsync(request, new CloneAsk(token, sessionId, clone, from), CancellationToken.None);
        return request;
    }

    /// <summary>A request that has been decided and has left.</summary>
    public async Task<ErrorCode?> TryAsync(string token, string sessionId, string clone = "github", IPAddress? from = null)
    {
        var request = await AskAsync(token, sessionId, clone, from);
        Admission.Leave(request);
        return request.Refused;
    }

    /// <summary>A call of the management API.</summary>
    public async Task<TestRequest> IdentifyAsync(string token, string? workspaceId = null, IPAddress? from = null, Role? needed = null)
    {
        var request = await CallAsync(token, workspaceId, from, needed);
        Admission.Leave(request);
        return request;
    }

    /// <summary>The same, still running.</summary>
    public async Task<TestRequest> CallAsync(string token, string? workspaceId = null, IPAddress? from = null, Role? needed = null)
    {
        var request = new TestRequest();
        request.Identity = await _time.PassUntilAsync(
            Admission.IdentifyAsync(request, token, workspaceId, from, needed, CancellationToken.None).AsTask());
        return request;
    }

    public ValueTask DisposeAsync() => Gateway.DisposeAsync();

    private sealed class Door(IGatewayDoor inner, TestGateway gateway) : IGatewayDoor
    {
        public Task<string> OpenAsync(Func<Recall, RecallAnswer> take, CancellationToken cancellationToken) => inner.OpenAsync(
            recall =>
            {
                if (gateway.IsSilent)
                {
                    throw new IOException("The gateway does not answer.");
                }

                Interlocked.Increment(ref gateway._recalls);
                return take(recall);
            },
            cancellationToken);

        public Task CloseAsync(string incarnation) => inner.CloseAsync(incarnation);
    }
}
