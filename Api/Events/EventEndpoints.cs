using System.Globalization;
using ControlPlane.Auth;
using ControlPlane.Credentials;
using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.OpenApi;
using ControlPlane.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Events;

/// <summary>
/// <code>
/// GET /api/sessions/{id}/events                what happened to a session, until it is over             sessions:read
/// GET /api/workspaces/{workspaceId}/events     what happens to the workspace's sessions from now on     sessions:read
/// </code>
/// Server-sent events; with <c>Last-Event-ID</c> what has happened since.
/// </summary>
internal static class EventEndpoints
{
    private const string LastEventId = "Last-Event-ID";
    private const int MostAtOnce = 100;

    private static async Task<IResult> OfSessionAsync(
        string sessionId, HttpContext http, EventStreams streams, IEntities entities, TimeProvider time, CancellationToken cancellationToken)
    {
        var view = await SessionEndpoints.Session(entities, sessionId).DescribeAsync(Acting.On(http).Caller, cancellationToken);
        var isOver = view.Status is SessionStatus.Ended or SessionStatus.Failed;
        return await OpenAsync(http, streams, entities, time, view.Id, isOver, cancellationToken);
    }

    private static async Task<IResult> OfWorkspaceAsync(
        HttpContext http, EventStreams streams, IEntities entities, TimeProvider time, CancellationToken cancellationToken)
    {
        var caller = Acting.On(http).Caller;
        caller.Must(Scopes.SessionsRead, caller.SessionId);
        return await OpenAsync(http, streams, entities, time, caller.SessionId, isOver: false, cancellationToken);
    }

    private static async Task<IResult> OpenAsync(
        HttpContext http, EventStreams streams, IEntities entities, TimeProvider time, string? sessionId, bool isOver, CancellationToken cancellationToken)
    {
        var workspaceId = Acting.On(http).Caller.WorkspaceId;
        var query = new EventQuery(Last(http.Request), sessionId, MostAtOnce, Waits: isOver);

        // Its place is given back when the request is over, however it ends.
        http.Response.RegisterForDispose(streams.Enter(workspaceId));
        var first = await entities.Events(workspaceId).ReadAsync(query, cancellationToken);
        if (first.IsGone)
        {
            throw new ControlPlaneException(
                ErrorCode.EventsGone,
                $"{LastEventId}: what came after {query.After} is not kept any more, or never was. Look at the sessions, then read events without it.");
        }

        // A reader that has all of it would else come back for ever (HTML standard, 9.2.3).
        return isOver && query.After is not null && first.Events.Count == 0
            ? TypedResults.NoContent()
            : new EventStream(streams, entities, time, first, query, isOver);
    }

    private static long? Last(HttpRequest request) => request.Headers[LastEventId] switch
    {
        [] => null,
        [{ } text] when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var last) && last > 0 => last,
        _ => throw Invalid.At(LastEventId, "send the id of an event that was read here, once."),
    };

    public static void MapEvents(this IEndpointRouteBuilder routes)
    {
        Map(routes.MapGet("/api/sessions/{sessionId}/events", OfSessionAsync), "streamSessionEvents", "What happened to a session, until it is over")
            .Refuses(404);
        Map(routes.MapGet($"/api/workspaces/{{{NamedWorkspace.RouteValue}}}/events", OfWorkspaceAsync), "streamWorkspaceEvents",
            "What happens to the workspace's sessions from now on").Refuses(404);
    }

    private static RouteHandlerBuilder Map(RouteHandlerBuilder endpoint, string operationId, string summary) => endpoint.WithTags("Events")
        .Describe(operationId, summary).ReadsHeader(LastEventId, "The id of the last event that was read: what has happened since is told first.")
        .Produces<string>(StatusCodes.Status200OK, "text/event-stream").Refuses(410);
}
