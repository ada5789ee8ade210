using ControlPlane.Authorization;
using ControlPlane.Credentials;
using ControlPlane.Errors;
using ControlPlane.Gateways;
using Microsoft.AspNetCore.Http;

namespace ControlPlane.Auth;

/// <summary>A management request as the gateway's registry knows it. What is revoked while it runs stops its handler.</summary>
/// <param name="callerGone">The server's own token: the caller has gone.</param>
internal sealed class ManagementRequest(CancellationToken callerGone) : InFlight
{
    private static readonly Refusal Lapsed =
        new(ErrorCode.ControlPlaneUnavailable, "This process lost its lease while it worked on the request. Try again.", TimeSpan.FromSeconds(1));

    // Never disposed: a recall may still be about to cancel it when the request has left.
    private readonly CancellationTokenSource _stopped = new();

    public CancellationToken CallerGone => callerGone;

    /// <summary>The handler's token: the caller has gone, or the request was cut.</summary>
    public CancellationToken Stopped => _stopped.Token;

    /// <summary>Stops the handler, and does not wait for it.</summary>
    public void Stop() => _ = _stopped.CancelAsync();

    /// <summary>Before the answer: what was decided at the beginning must still stand.</summary>
    /// <exception cref="ControlPlaneException">401: the credential was revoked or has expired meanwhile; 503: the lease is over.</exception>
    public void MustStand()
    {
        if (!MayPass(0))
        {
            throw new ControlPlaneException(CutBecause ?? Lapsed);
        }
    }

    protected override void OnCut(Refusal because) => Stop();
}

/// <summary>Who calls, as a handler finds it on its request.</summary>
internal sealed record Acting(Caller Caller, CredentialFact Credential, ManagementRequest Request)
{
    public static Acting On(HttpContext http) =>
        http.Features.Get<Acting>() ?? throw new InvalidOperationException("The endpoint asks who calls but is not mapped to need a caller.");
}
