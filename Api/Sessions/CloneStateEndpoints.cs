using System.Text;
using ControlPlane.Auth;
using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.OpenApi;
using ControlPlane.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Sessions;

/// <summary>
/// <code>
/// POST /api/sessions/{id}/reset                    every clone, or one, goes back to the seed of creation      sessions:write
/// POST /api/sessions/{id}/clones/{clone}/seed      one clone has another seed, or a whole state, from now on   sessions:write
/// GET  /api/sessions/{id}/clones/{clone}/state     the whole state of one clone                                sessions:write
/// </code>
/// </summary>
internal static class CloneStateEndpoints
{
    private const int MostSeedBytes = 32 * 1024 * 1024;

    private static async Task<Ok<SessionSummary>> ResetAsync(
        string sessionId, HttpContext http, IEntities entities, SessionAnswers answers, CancellationToken cancellationToken)
    {
        var request = await JsonBody.ReadIfAnyAsync<ResetSessionRequest>(http, cancellationToken);
        return await SetAsync(sessionId, new CloneOrder(request?.CloneName?.ToLowerInvariant()), http, entities, answers, cancellationToken);
    }

    private static async Task<Ok<SessionSummary>> SeedAsync(
        string sessionId, string cloneId, HttpContext http, IEntities entities, SessionAnswers answers, CancellationToken cancellationToken)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            // The reader below is the bound; a body that is a little longer is still taken, so that its sender gets to read why it was refused.
            size.MaxRequestBodySize = 2 * MostSeedBytes;
        }

        var request = await JsonBody.ReadAsync<SeedCloneRequest>(http, cancellationToken, MostSeedBytes);
        if (request is { Seed: null, State: null } or { Seed: not null, State: not null })
        {
            throw Invalid.At("body", "give either seed, the name of one, or state, a whole one.");
        }

        var state = request.State is { } whole ? Encoding.UTF8.GetBytes(whole.GetRawText()) : null;
        return await SetAsync(sessionId, new CloneOrder(cloneId.ToLowerInvariant(), request.Seed, state), http, entities, answers, cancellationToken);
    }

    private static async Task<FileContentHttpResult> StateAsync(
        string sessionId, string cloneId, HttpContext http, IEntities entities, CancellationToken cancellationToken)
    {
        var state = await SessionEndpoints.Session(entities, sessionId)
            .CloneStateAsync(Acting.On(http).Caller, cloneId.ToLowerInvariant(), cancellationToken);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Bytes(state, "application/json");
    }

    private static async Task<Ok<SessionSummary>> SetAsync(
        string sessionId, CloneOrder order, HttpContext http, IEntities entities, SessionAnswers answers, CancellationToken cancellationToken) =>
        TypedResults.Ok(answers.Summary(
            await SessionEndpoints.Session(entities, sessionId).SetCloneAsync(Acting.On(http).Caller, order, cancellationToken)));

    public static void MapCloneStates(this IEndpointRouteBuilder routes)
    {
        var session = routes.MapGroup("/api/sessions/{sessionId}").WithTags("Sessions").Refuses(404, 409, 502);
        session.MapPost("/reset", ResetAsync).Describe("resetSession", "Set clones back to the seed of creation")
            .Accepts<ResetSessionRequest>(isOptional: true, "application/json").Refuses(413);
        session.MapPost("/clones/{cloneId}/seed", SeedAsync).Describe("seedClone", "Give a clone another seed or a whole state")
            .Accepts<SeedCloneRequest>("application/json").Refuses(413);
        session.MapGet("/clones/{cloneId}/state", StateAsync).Describe("getCloneState", "The whole state of a clone")
            .Produces<object>(contentType: "application/json");
    }
}
