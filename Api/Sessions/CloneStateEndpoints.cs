using ControlPlane.Auth;
using ControlPlane.Entities;
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

    /// <summary>What a state on its way from a worker counts until its size is known.</summary>
    private const int ExpectedStateBytes = 4 * 1024 * 1024;

    private static async Task<Ok<SessionSummary>> ResetAsync(
        string sessionId, HttpContext http, IEntities entities, SessionAnswers answers, CancellationToken cancellationToken)
    {
        var request = await JsonBody.ReadIfAnyAsync<ResetSessionRequest>(http, cancellationToken);
        return await SetAsync(sessionId, new CloneOrder(request?.CloneName?.ToLowerInvariant()), http, entities, answers, cancellationToken);
    }

    private static async Task<Ok<SessionSummary>> SeedAsync(
        string sessionId, string cloneId, HttpContext http, IEntities entities, SessionAnswers answers, StateRoom room, CancellationToken cancellationToken)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            // The reader below is the bound; a body that is a little longer, or refused unread, is still taken off the wire, so that its sender gets to read why it was refused.
            size.MaxRequestBodySize = 2 * MostSeedBytes;
        }

        var clone = cloneId.ToLowerInvariant();
        JsonBody.MustFit(http.Request, MostSeedBytes);

        // Before anything of the body is read: whoever may not do this makes nobody hold 32 MiB.
        await SessionEndpoints.Session(entities, sessionId).CheckCloneAsync(Acting.On(http).Caller, clone, cancellationToken);
        using var taken = room.Take(http.Request.ContentLength ?? MostSeedBytes);
        var body = await SeedBody.ReadAsync(http.Request, MostSeedBytes, cancellationToken);
        return await SetAsync(sessionId, new CloneOrder(clone, body.Seed, body.State), http, entities, answers, cancellationToken);
    }

    private static async Task<FileContentHttpResult> StateAsync(
        string sessionId, string cloneId, HttpContext http, IEntities entities, StateRoom room, CancellationToken cancellationToken)
    {
        // Until the last byte of it is written: whoever reads slowly holds it as long.
        var taken = room.Take(ExpectedStateBytes);
        http.Response.RegisterForDispose(taken);
        var state = await SessionEndpoints.Session(entities, sessionId)
            .CloneStateAsync(Acting.On(http).Caller, cloneId.ToLowerInvariant(), cancellationToken);
        taken.Resize(state.Length);
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
