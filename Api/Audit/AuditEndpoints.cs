using System.Globalization;
using ControlPlane.Auth;
using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.OpenApi;
using ControlPlane.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Audit;

/// <summary>
/// <code>
/// GET /api/workspaces/{workspaceId}/audit-events?action=&amp;limit=&amp;cursor=    who administered what, newest first    owner, admin
/// </code>
/// </summary>
internal static class AuditEndpoints
{
    private const int UsualLimit = 50;
    private const int MostAtOnce = 200;

    private static async Task<Ok<AuditLineList>> ListAsync(
        string workspaceId, HttpContext http, IEntities entities, CancellationToken cancellationToken)
    {
        Acting.On(http).Caller.MustAdminister();
        var query = http.Request.Query;
        var action = query.One("action") is { } word
            ? AuditWords.Parse(word) ?? throw Invalid.At("action", $"there are {string.Join(", ", AuditWords.All)}.")
            : (AuditAction?)null;
        var page = await entities.Audit(workspaceId).PageAsync(
            new AuditQuery(action, query.Number("limit", 1, MostAtOnce, UsualLimit), Cursor(query.One("cursor"))), cancellationToken);
        return TypedResults.Ok(new AuditLineList(
            [.. page.Events.Select(Answer)], page.Next?.ToString(CultureInfo.InvariantCulture)));
    }

    private static long? Cursor(string? text) => text is null ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var cursor) && cursor > 0 ? cursor
        : throw Invalid.At("cursor", "it is not one that a list answered.");

    private static AuditLine Answer(AuditEvent happened) => new(
        happened.Id, happened.At, happened.Actor, happened.Action.Word(), happened.Target, happened.Detail, happened.From,
        happened.Refused is null ? "done" : "refused", happened.Refused?.Word(), happened.Omitted == 0 ? null : happened.Omitted);

    public static void MapAudit(this IEndpointRouteBuilder routes) => routes
        .MapGet($"/api/workspaces/{{{NamedWorkspace.RouteValue}}}/audit-events", ListAsync).WithTags("Audit")
        .ForAdministrators().Describe("listAuditEvents", "Who administered what, newest first").Refuses(404)
        .ReadsQuery("action", "Only these acts.").ReadsQuery("limit", $"1 to {MostAtOnce}; {UsualLimit} when absent.")
        .ReadsQuery("cursor", "The nextCursor of the page before.");
}
