using System.Globalization;
using ControlPlane.Auth;
using ControlPlane.Credentials;
using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.OpenApi;
using ControlPlane.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace ControlPlane.Usage;

/// <summary>
/// <code>
/// GET /api/workspaces/{workspaceId}/usage?from=&amp;to=    per day (UTC) and per key    workspaces:read
/// </code>
/// </summary>
internal static class UsageEndpoints
{
    private const int UsualDays = 30;
    private const string DayFormat = "yyyy-MM-dd";

    private static async Task<Ok<WorkspaceUsage>> GetAsync(
        string workspaceId, HttpContext http, IEntities entities, TimeProvider time, CancellationToken cancellationToken)
    {
        Acting.On(http).Caller.Must(Scopes.WorkspacesRead);
        var to = Day(http.Request.Query, "to") ?? DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var from = Day(http.Request.Query, "from") ?? to.AddDays(1 - UsualDays);
        if (from > to || to.DayNumber - from.DayNumber >= UsageLog.KeptDays)
        {
            throw Invalid.At("from", $"not after to, and {UsageLog.KeptDays} days at most: no more are kept.");
        }

        var rows = await entities.Usage(workspaceId).ReadAsync(from, to, cancellationToken);
        return TypedResults.Ok(new WorkspaceUsage(workspaceId, from, to, Total(rows), [.. rows.GroupBy(row => row.Day).Select(Answer)]));
    }

    private static DateOnly? Day(IQueryCollection query, string name) => query.One(name) is not { } text ? null
        : DateOnly.TryParseExact(text, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year > 2000 ? day
        : throw Invalid.At(name, $"a day as {DayFormat}.");

    private static DayUsage Answer(IGrouping<DateOnly?, UsageRow> day) =>
        new(day.Key!.Value, Total(day), [.. day.Select(row => new KeyUsage(row.By, Total([row])))]);  // Rows that are kept have a day.

    private static UsageTotals Total(IEnumerable<UsageRow> rows)
    {
        var sum = rows.Aggregate(new UsageRow(null, ""), (sum, row) => sum.Plus(row));
        return new UsageTotals(sum.Sessions, Math.Round(sum.SessionSeconds / 60.0, 2), sum.Requests, sum.BytesIn, sum.BytesOut);
    }

    public static void MapUsage(this IEndpointRouteBuilder routes) => routes
        .MapGet($"/api/workspaces/{{{NamedWorkspace.RouteValue}}}/usage", GetAsync).WithTags("Workspaces")
        .Describe("getWorkspaceUsage", "Sessions, requests and bytes, per day and per key").Refuses(404)
        .ReadsQuery("from", $"The first day, {DayFormat} (UTC); {UsualDays} days in all when absent.")
        .ReadsQuery("to", "The last day; today when absent.");
}
