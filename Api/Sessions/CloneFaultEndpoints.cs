using System.Text.Json;
using ControlPlane.Auth;
using ControlPlane.Entities;
using ControlPlane.OpenApi;
using ControlPlane.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Sessions;

/// <summary>
/// <code>
/// PUT /api/sessions/{id}/clones/{clone}/faults     sets all faults that are injected into a clone's answers     sessions:write
/// GET /api/sessions/{id}/clones/{clone}/faults     what is set                                                  sessions:read
/// </code>
/// </summary>
internal static class CloneFaultEndpoints
{
    private static async Task<Ok<CloneFaultList>> SetAsync(
        string sessionId, string cloneId, HttpContext http, IEntities entities, CancellationToken cancellationToken)
    {
        var request = await JsonBody.ReadAsync<CloneFaultList>(http, cancellationToken);
        var faults = JsonSerializer.SerializeToUtf8Bytes(request, ContractsJson.Default.CloneFaultList);
        await SessionEndpoints.Session(entities, sessionId).SetFaultsAsync(Acting.On(http).Caller, cloneId.ToLowerInvariant(), faults, cancellationToken);
        return TypedResults.Ok(request);
    }

    private static async Task<FileContentHttpResult> GetAsync(
        string sessionId, string cloneId, HttpContext http, IEntities entities, CancellationToken cancellationToken)
    {
        var faults = await SessionEndpoints.Session(entities, sessionId)
            .FaultsAsync(Acting.On(http).Caller, cloneId.ToLowerInvariant(), cancellationToken);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Bytes(faults, "application/json");
    }

    public static void MapCloneFaults(this IEndpointRouteBuilder routes)
    {
        var faults = routes.MapGroup("/api/sessions/{sessionId}/clones/{cloneId}/faults").WithTags("Sessions").Refuses(404, 409, 502);
        faults.MapPut("", SetAsync).Describe("setCloneFaults", "Set all faults that are injected into a clone's answers")
            .Accepts<CloneFaultList>("application/json").Refuses(413);
        faults.MapGet("", GetAsync).Describe("getCloneFaults", "The faults that are injected into a clone's answers")
            .Produces<CloneFaultList>(contentType: "application/json");
    }
}
