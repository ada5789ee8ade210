using ControlPlane.Auth;
using ControlPlane.Credentials;
using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.Leases;
using ControlPlane.OpenApi;
using ControlPlane.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Sessions;

/// <summary>
/// <code>
/// POST   /api/sessions                  start a session                      sessions:write
/// GET    /api/sessions                  list the workspace's sessions        sessions:read
/// DELETE /api/sessions?label=…          stop those with a label              sessions:write
/// GET    /api/sessions/{id}             one session                          sessions:read
/// DELETE /api/sessions/{id}             stop it; 204 when it is true everywhere
/// GET    /api/sessions/{id}/liveness    until when it lives, and why         sessions:read
/// POST   /api/sessions/{id}/renew       move both deadlines                  sessions:write
/// </code>
/// </summary>
internal static class SessionEndpoints
{
    private const int DefaultRenewalSeconds = 3_600;

    /// <summary>How many sessions one call stops at a time: each waits for gateways and its worker.</summary>
    private const int StoppedAtOnce = 16;

    private static async Task<Results<Ok<SessionSummary>, Utf8ContentHttpResult>> CreateAsync(
        HttpContext http, SessionCreation creation, CancellationToken cancellationToken)
    {
        Acting.On(http).Caller.Must(Scopes.SessionsWrite);
        var request = await JsonBody.ReadAsync<CreateSessionRequest>(http, cancellationToken);
        return TypedResults.Text(await creation.RunAsync(http, request, cancellationToken), "application/json; charset=utf-8");
    }

    private static async Task<Ok<SessionList>> ListAsync(
        HttpContext http, IEntities entities, SessionAnswers answers, CancellationToken cancellationToken)
    {
        var caller = Acting.On(http).Caller;
        caller.Must(Scopes.SessionsRead, caller.SessionId);
        var query = SessionSearch.Read(http.Request.Query) with { SessionId = caller.SessionId };
        var (views, next) = await SessionSearch.PageAsync(entities, caller, query, cancellationToken);
        return TypedResults.Ok(new SessionList([.. views.Select(answers.Summary)], next));
    }

    private static async Task<Ok<SessionSummary>> GetAsync(
        string sessionId, HttpContext http, IEntities entities, SessionAnswers answers, CancellationToken cancellationToken) =>
        TypedResults.Ok(answers.Summary(await Session(entities, sessionId).DescribeAsync(Acting.On(http).Caller, cancellationToken)));

    private static async Task<NoContent> StopAsync(string sessionId, HttpContext http, IEntities entities, CancellationToken cancellationToken)
    {
        var report = await Session(entities, sessionId).StopAsync(Acting.On(http).Caller, cancellationToken);
        http.Response.Report(report);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> StopLabelledAsync(HttpContext http, IEntities entities, CancellationToken cancellationToken)
    {
        var caller = Acting.On(http).Caller;
        caller.Must(Scopes.SessionsWrite, caller.SessionId);
        var named = SessionSearch.ReadStop(http.Request.Query) with { SessionId = caller.SessionId };
        http.Response.Report(await SessionsStop.AllAsync(entities, caller, named, StoppedAtOnce, cancellationToken));
        return TypedResults.NoContent();
    }

    private static async Task<Ok<SessionLiveness>> LivenessAsync(
        string sessionId, HttpContext http, IEntities entities, CancellationToken cancellationToken) =>
        TypedResults.Ok(SessionAnswers.Liveness(await Session(entities, sessionId).DescribeAsync(Acting.On(http).Caller, cancellationToken)));

    private static async Task<Ok<SessionSummary>> RenewAsync(
        string sessionId, HttpContext http, IEntities entities, SessionAnswers answers, CancellationToken cancellationToken)
    {
        var request = await JsonBody.ReadIfAnyAsync<RenewSessionRequest>(http, cancellationToken);
        var seconds = Texts.InRange("ttlSeconds", request?.TtlSeconds, 1, SessionOrder.LongestTtlSeconds) ?? DefaultRenewalSeconds;
        var session = Session(entities, sessionId);
        return TypedResults.Ok(answers.Summary(
            await session.RenewAsync(Acting.On(http).Caller, TimeSpan.FromSeconds(seconds), cancellationToken)));
    }

    /// <summary>Ids are compared without case. What is no id of anybody's is not asked for.</summary>
    /// <exception cref="ControlPlaneException">404: nothing of ours has such an id.</exception>
    internal static ISession Session(IEntities entities, string sessionId) =>
        sessionId.Length <= 64 && sessionId.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')
            ? entities.Session(sessionId.ToLowerInvariant())
            : throw new ControlPlaneException(ErrorCode.SessionNotFound, "No session has such an id.");

    public static void MapSessions(this IEndpointRouteBuilder routes)
    {
        var sessions = routes.MapGroup("/api/sessions").WithTags("Sessions");
        sessions.MapPost("", CreateAsync).Describe("createSession", "Start a session").Accepts<CreateSessionRequest>("application/json").Refuses(413, 422)
            .ReadsHeader(SessionCreation.Header, "At most 200 printable characters of ASCII. For 24 hours the same call with it gets the same answer and makes no other session.");
        sessions.MapGet("", ListAsync).Describe("listSessions", "List the workspace's sessions, newest first")
            .ReadsQuery("status", "active (starting and running, the default), all, starting, running, ended or failed")
            .ReadsQuery("label", "k for any value of a label, k=v for one")
            .ReadsQuery("clone", "Only sessions with this clone")
            .ReadsQuery("limit", "1 to 200; 50 when absent")
            .ReadsQuery("cursor", "nextCursor of the page before");
        sessions.MapDelete("", StopLabelledAsync).Describe("deleteSessions", "Stop the live sessions with a label")
            .ReadsQuery("label", "k for any value of a label, k=v for one");
        sessions.MapGet("/{sessionId}", GetAsync).Describe("getSession", "One session").Refuses(404);
        sessions.MapDelete("/{sessionId}", StopAsync).Describe("deleteSession", "Stop a session").Refuses(404, 502);
        sessions.MapGet("/{sessionId}/liveness", LivenessAsync).Describe("getSessionLiveness", "Until when a session lives, and why").Refuses(404);
        sessions.MapPost("/{sessionId}/renew", RenewAsync).Describe("renewSession", "Move both deadlines of a session")
            .Accepts<RenewSessionRequest>(isOptional: true, "application/json").Refuses(404, 409, 413);
    }
}
