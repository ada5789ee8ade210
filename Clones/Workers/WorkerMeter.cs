using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;

namespace ControlPlane.Workers;

/// <summary>
/// What a worker measures and traces, under the one name that the other processes use too. A span carries ids, words and statuses: never
/// the ticket, the path, the query or the body.
/// </summary>
[SuppressMessage("Performance", "CA1823", Justification = "An instrument that is observed is used by whoever observes it.")]
internal static class WorkerMeter
{
    private const string Name = "archal";

    private static readonly Meter Meter = new(Name);
    private static readonly ActivitySource Source = new(Name);
    private static readonly ConcurrentDictionary<CloneWorker, object?> Running = new();

    private static readonly Histogram<double> Requests = Meter.CreateHistogram(
        "archal.worker.request.duration", "s", "How long a clone took to answer, or the worker to turn a request away.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });

    private static readonly ObservableUpDownCounter<int> Sessions = Meter.CreateObservableUpDownCounter(
        "archal.worker.sessions", static () => Running.Keys.Sum(static worker => worker.Sessions), "{session}", "Sessions that this worker holds.");

    private static readonly ObservableUpDownCounter<int> Capacity = Meter.CreateObservableUpDownCounter(
        "archal.worker.capacity", static () => Running.Keys.Sum(static worker => worker.Capacity), "{session}", "Sessions that this worker takes.");

    public static void Started(CloneWorker worker) => Running[worker] = null;

    public static void Stopped(CloneWorker worker) => Running.TryRemove(worker, out _);

    /// <summary>The span of a request, in the trace that its header names; null while nobody records traces.</summary>
    public static Activity? Begin(HttpContext http, string what)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        ActivityContext.TryParse(http.Request.Headers.TraceParent, null, isRemote: true, out var sender);
        return Source.StartActivity(what, ActivityKind.Server, sender);
    }

    /// <summary>A request to a clone has been answered.</summary>
    /// <param name="clone">One of those that the worker has; null: no ticket opened any.</param>
    public static void Answered(Activity? span, long began, string? clone, int status)
    {
        span?.SetTag("http.response.status_code", status);
        span?.SetTag("archal.clone", clone);
        Requests.Record(
            Stopwatch.GetElapsedTime(began).TotalSeconds,
            new KeyValuePair<string, object?>("clone", clone ?? "none"),
            new KeyValuePair<string, object?>("outcome", (clone, status) switch
            {
                (null, StatusCodes.Status403Forbidden) => "no_ticket",
                (null, _) or (_, >= 500) => "failed",
                _ => "answered",
            }));
    }
}
