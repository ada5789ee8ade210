using System.Net.Http.Headers;
using System.Text.Json;
using ControlPlane.Histories;

namespace ControlPlane.Clusters;

/// <summary>
/// What is left when nobody asks for anything any more: all that was started and that nobody stopped runs, nothing runs whose stop was
/// acknowledged, what runs beside it is no more than what callers never learned of; and places in the quota and what the workers hold are as many.
/// </summary>
public static class Ghosts
{
    /// <summary>A stop that a worker could not be told of is told again within this time.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(20);

    /// <summary>What does not match after the quiet time, in words; null when everything does.</summary>
    public static async Task<string?> FindAsync(Uri gateway, string token, IReadOnlyCollection<Operation> operations)
    {
        using var http = new HttpClient { BaseAddress = gateway };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var found = await AnswerAsync(http, operations);
            if (found is null || TimeProvider.System.GetElapsedTime(began) > Quiet)
            {
                return found;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System);
        }
    }

    private static async Task<string?> AnswerAsync(HttpClient http, IReadOnlyCollection<Operation> operations)
    {
        try
        {
            var running = await RunningAsync(http);
            using var status = JsonDocument.Parse(await http.GetStringAsync(new Uri("/api/admin/status", UriKind.Relative)));
            var sessions = status.RootElement.GetProperty("sessions");
            return Found(operations, running, sessions.GetProperty("live").GetInt32(), sessions.GetProperty("placements").GetInt32());
        }
        catch (HttpRequestException problem)
        {
            return $"ghosts: not known, for {problem.Message}";
        }
    }

    private static string? Found(IReadOnlyCollection<Operation> operations, HashSet<string> running, int live, int held)
    {
        HashSet<string> Of(OperationKind kind, Func<Operation, bool> which) =>
            [.. operations.Where(operation => operation.Kind == kind && which(operation)).Select(operation => operation.Session)];
        var started = Of(OperationKind.Start, operation => operation.IsOk);
        var missing = started.Except(Of(OperationKind.Stop, _ => true)).Except(running).ToList();
        var undead = Of(OperationKind.Stop, operation => operation.IsOk).Intersect(running).ToList();
        var (unknown, unanswered) = (running.Except(started).Count(), operations.Count(operation => operation is { Kind: OperationKind.Start, IsOk: false }));
        return missing.Count > 0 ? $"ghosts: {missing.Count} sessions that nobody stopped do not run, such as {missing[0]}"
            : undead.Count > 0 ? $"ghosts: {undead.Count} sessions run whose stop was acknowledged, such as {undead[0]}"
            : unknown > unanswered ? $"ghosts: {unknown} sessions run that no caller knows of, and {unanswered} starts were not answered"
            : running.Count != live || live != held ? $"ghosts: {running.Count} sessions run, {live} have a place in the quota, and workers hold {held}"
            : null;
    }

    private static async Task<HashSet<string>> RunningAsync(HttpClient http)
    {
        var (running, cursor) = (new HashSet<string>(), "");
        do
        {
            using var page = JsonDocument.Parse(await http.GetStringAsync(new Uri($"/api/sessions?status=running&limit=100{cursor}", UriKind.Relative)));
            running.UnionWith(page.RootElement.GetProperty("sessions").EnumerateArray().Select(session => session.GetProperty("sessionId").GetString()!));
            cursor = page.RootElement.TryGetProperty("nextCursor", out var next) && next.GetString() is { } value ? $"&cursor={Uri.EscapeDataString(value)}" : "";
        }
        while (cursor.Length > 0);
        return running;
    }
}
