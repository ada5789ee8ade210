using ControlPlane.Errors;
using ControlPlane.Gateways;
using ControlPlane.Workspaces;
using Microsoft.AspNetCore.Http;

namespace ControlPlane.Auth;

/// <summary>Runs a request as whoever shows a token, and keeps it in the registry of what is in flight meanwhile: what is revoked while it runs stops it.</summary>
internal static class CallerScope
{
    /// <param name="needed">The role without which the owner is asked anew; the call itself refuses. Null: any.</param>
    /// <exception cref="ControlPlaneException">The token does not stand, or was cut while the request ran.</exception>
    public static async Task RunAsync(HttpContext http, Admission admission, string token, NamedWorkspace named, Role? needed, Func<Task> run)
    {
        var callerGone = http.RequestAborted;
        var request = new ManagementRequest(callerGone);
        using var gone = callerGone.UnsafeRegister(static state => ((ManagementRequest)state!).Stop(), request);
        try
        {
            var identity = await admission.IdentifyAsync(request, token, named.Id, http.Connection.RemoteIpAddress, needed, callerGone);
            if (identity is not { Caller: { } caller, Credential: { } credential })
            {
                throw new ControlPlaneException(identity.Refusal ?? new Refusal(ErrorCode.CredentialInvalid, "The credential is not valid."));
            }

            named.Check(caller);
            http.Features.Set(new Acting(caller with { From = http.Connection.RemoteIpAddress?.ToString() }, credential, request));
            http.RequestAborted = request.Stopped;
            await run();
        }
        catch (Exception) when (request.CutBecause is not null && !http.Response.HasStarted)
        {
            throw new ControlPlaneException(request.CutBecause);
        }
        finally
        {
            http.RequestAborted = callerGone;
            admission.Leave(request);
        }
    }
}
