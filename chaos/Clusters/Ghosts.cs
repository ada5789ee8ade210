using System.Net.Http.Headers;
using System.Text.Json;

namespace ControlPlane.Clusters;

/// <summary>
/// What is left when nobody asks for anything any more: sessions that run, places in the quota and what the workers hold are the same number:
/// the sessions that nobody stopped, and those whose callers never learned that they had been started.
/// </summary>
public static class Ghosts
{
    /// <summary>A stop that a worker could not be told of is told again within this time.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    /// <summary>What does not match after the quiet time, in words; null when everything does.</summary>
    public static async Task<string?> FindAsync(Uri gateway, string token, int kept)
    {
        using var http = new HttpClient { BaseAddress = gateway };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var (running, live, held) = (await RunningAsync(http), 0, 0);
            using (var status = JsonDocument.Parse(await http.GetStringAsync(new Uri("/api/admin/status", UriKind.Relative))))
            {
                var sessions = status.RootElement.GetProperty("sessions");
                (live, held) = (sessions.GetProperty("live").GetInt32(), sessions.GetProperty("placements").GetInt32());
            }

            if (running == live && live == held && running >= kept)
            {
                return null;
            }

            if (TimeProvider.System.GetElapsedTime(began) > Quiet)
            {
                return $"ghosts: {kept} sessions were not stopped; {running} run, {live} have a place in the quota, and workers hold {held}";
            }

            await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System);
        }
    }

    private static async Task<int> RunningAsync(HttpClient http)
    {
        var (count, cursor) = (0, "");
        do
        {
            using var page = JsonDocument.Parse(await http.GetStringAsync(new Uri($"/api/sessions?status=running&limit=100{cursor}", UriKind.Relative)));
            count += page.RootElement.GetProperty("sessions").GetArrayLength();
            cursor = page.RootElement.TryGetProperty("nextCursor", out var next) && next.GetString() is { } value ? $"&cursor={Uri.EscapeDataString(value)}" : "";
        }
        while (cursor.Length > 0);
        return count;
    }
}
