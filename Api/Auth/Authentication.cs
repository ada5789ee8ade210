using ControlPlane.Gateways;
using ControlPlane.OpenApi;
using ControlPlane.Telemetry;
using ControlPlane.Workspaces;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Auth;

/// <summary>
/// Finds out who calls, before anything of the request but its headers is looked at, and keeps it in the registry of what is in flight
/// until its answer is written.
/// </summary>
internal sealed class Authentication(RequestDelegate next, Admission admission)
{
    public Task InvokeAsync(HttpContext http) =>
        http.GetEndpoint()?.Metadata.GetMetadata<CallerNeeded>() is not { } needed
        || (needed.Optional && OuterCredential.IsAbsent(http.Request.Headers)) ? next(http)
            : Signals.Source.HasListeners() ? CallTrace.RunAsync(http, AsCallerAsync)
            : AsCallerAsync(http);

    private Task AsCallerAsync(HttpContext http)
    {
        var token = OuterCredential.Read(http.Request.Headers);
        var needed = http.GetEndpoint()?.Metadata.GetMetadata<RoleNeeded>();
        return CallerScope.RunAsync(http, admission, token, NamedWorkspace.Read(http), needed?.Role, () => next(http));
    }
}

/// <summary>On an endpoint: it is only for callers with a credential that stands.</summary>
/// <param name="Optional">Whether also those may call who show none at all.</param>
internal sealed record CallerNeeded(bool Optional = false);

/// <summary>
/// On an endpoint: what may be done there hangs on the role, so a membership with less than this is asked for anew, for a gateway is not told of
/// a role that was raised. The call itself refuses.
/// </summary>
internal sealed record RoleNeeded(Role Role);

internal static class CallerNeededEndpoints
{
    /// <summary>Whoever shows a credential is asked who it is; nobody has to.</summary>
    public static TBuilder MayHaveCaller<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new CallerNeeded(Optional: true));

    /// <summary>Everything there is for administrators of the workspace, owners among them.</summary>
    public static TBuilder ForAdministrators<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new RoleNeeded(Role.Admin));

    /// <summary>What owners may do there is more than what administrators may.</summary>
    public static TBuilder ForOwners<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new RoleNeeded(Role.Owner));

    /// <summary>Everything in the group needs a caller, and answers only if what let the caller in still stands.</summary>
    public static RouteGroupBuilder NeedCaller(this RouteGroupBuilder group)
    {
        group.WithMetadata(new CallerNeeded()).Refuses(400, 401, 403, 429, 503)
            .ReadsHeader(NamedWorkspace.HeaderName, "The workspace to act in, for users in several. A key acts in its own alone.");
        group.AddEndpointFilter(static async (context, next) =>
        {
            var result = await next(context);
            var request = Acting.On(context.HttpContext).Request;
            request.MustStand();

            // What is decided is said whole: a recall that comes now must not break the answer off in the middle.
            context.HttpContext.RequestAborted = request.CallerGone;
            return result;
        });
        return group;
    }
}
