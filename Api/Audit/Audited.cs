using ControlPlane.Auth;
using ControlPlane.Entities;
using ControlPlane.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Audit;

/// <summary>On an endpoint: what it does belongs into the audit log.</summary>
/// <param name="Target">The path's parameter that names what it is done to; null: none.</param>
/// <param name="Done">Whether that it was done is written here, before the answer; else the change itself or the endpoint takes care of that.</param>
internal sealed record AuditedAct(AuditAction Action, string? Target, bool Done);

internal static class Audited
{
    /// <summary>No id is longer; what is, or has other characters, is the caller's invention and goes into no log.</summary>
    private const int LongestId = 64;

    /// <summary>What is refused is written to the log; what is done the change writes by itself, or the endpoint by <see cref="BeginAsync"/>.</summary>
    public static TBuilder Audit<TBuilder>(this TBuilder endpoint, AuditAction action, string? target = null, bool done = false)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new AuditedAct(action, target, done));

    /// <summary>Writes the acts of the endpoints of the group that ask for it, before they are answered.</summary>
    public static RouteGroupBuilder KeepAudit(this RouteGroupBuilder group)
    {
        group.AddEndpointFilter(static async (context, next) =>
        {
            var http = context.HttpContext;
            if (http.GetEndpoint()?.Metadata.GetMetadata<AuditedAct>() is not { } act)
            {
                return await next(context);
            }

            var result = await RefusedAsync(http, act, async () => await next(context));
            if (act.Done)
            {
                await RecordAsync(http, act, null);
            }

            return result;
        });
        return group;
    }

    /// <summary>Does an act of the caller's, and writes it to the log if it is refused.</summary>
    public static async Task<T> RefusedAsync<T>(HttpContext http, AuditedAct act, Func<Task<T>> doAsync)
    {
        try
        {
            return await doAsync();
        }
        catch (ControlPlaneException refused) when (refused.Code.Status() is 403 or 404 or 409 or 410 or 429)
        {
            await RecordAsync(http, act, refused.Code);
            throw;
        }
    }

    /// <summary>
    /// Writes the act of this endpoint before it is done: where the change cannot write it by itself, one that failed may be in the log as done, and
    /// one that was done is never missing. Nothing that refuses the act may come after this.
    /// </summary>
    /// <exception cref="ControlPlaneException">503: the log cannot be written now, and nothing may be done.</exception>
    public static Task BeginAsync(HttpContext http) =>
        RecordAsync(http, http.GetEndpoint()!.Metadata.GetRequiredMetadata<AuditedAct>(), null);

    /// <summary>Also for a caller who has gone: an act is not undone by that.</summary>
    private static Task RecordAsync(HttpContext http, AuditedAct act, ErrorCode? refused)
    {
        var services = http.RequestServices;
        var caller = Acting.On(http).Caller;
        var target = act.Target is { } name ? http.Request.RouteValues[name] as string : null;
        var happened = AuditEvent.Of(
            caller, act.Action, IsId(target) ? target : null, null, services.GetRequiredService<TimeProvider>().GetUtcNow(), Random.Shared);
        return services.GetRequiredService<IEntities>().Audit(caller.WorkspaceId)
            .RecordAsync(happened with { Refused = refused }, CancellationToken.None);
    }

    /// <summary>What cannot be an id may be anything, such as a token in the wrong place, or a part of one.</summary>
    private static bool IsId(string? text) =>
        text is { Length: > 0 and <= LongestId } && !text.StartsWith("arc", StringComparison.OrdinalIgnoreCase) && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');
}
