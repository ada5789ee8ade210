using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Telemetry;

/// <summary>A collector that takes OTLP over HTTP and keeps what comes, to the byte.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private static readonly TimeSpan ArrivesWithin = TimeSpan.FromSeconds(60);

    private readonly WebApplication _app;
    private readonly List<byte[]> _bodies = [];
    private readonly List<Span> _spans = [];
    private readonly List<Point> _points = [];
    private readonly HashSet<(string Path, string Token)> _doors = [];
    private TaskCompletionSource _arrival = NewArrival();

    private Collector(WebApplication app) => _app = app;

    /// <summary>What a process is given so that it sends here, soon.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Address,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
    };

    /// <summary>Where it listens.</summary>
    public string Address => _app.Urls.Single();

    /// <summary>By which paths something came, and the token that was shown there, if any.</summary>
    public IReadOnlyCollection<(string Path, string Token)> Doors
    {
        get
        {
            lock (_bodies)
            {
                return [.. _doors];
            }
        }
    }

    /// <summary>All that has arrived, as text that a secret would be found in.</summary>
    public string Everything
    {
        get
        {
            lock (_bodies)
            {
                return string.Concat(_bodies.Select(Encoding.Latin1.GetString));
            }
        }
    }

    public static async Task<Collector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var collector = new Collector(app);
        app.MapPost("/{**path}", collector.TakeAsync);
        await app.StartAsync();
        return collector;
    }

    /// <summary>Waits until what has arrived fulfils a condition; the failure says what was there instead.</summary>
    public async Task UntilAsync(string what, Func<IReadOnlyList<Span>, IReadOnlyList<Point>, bool> fulfils)
    {
        using var limit = new CancellationTokenSource(ArrivesWithin);
        while (true)
        {
            Task next;
            lock (_bodies)
            {
                if (fulfils(_spans, _points))
                {
                    return;
                }

                next = _arrival.Task;
            }

            await next.WaitAsync(limit.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
            Assert.False(limit.IsCancellationRequested, $"Waited in vain until {what}. There are {Describe()}");
        }
    }

    public IReadOnlyList<Span> Spans(Func<Span, bool> wanted)
    {
        lock (_bodies)
        {
            return [.. _spans.Where(wanted)];
        }
    }

    public IReadOnlyList<Point> Points()
    {
        lock (_bodies)
        {
            return [.. _points];
        }
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var (bytes, isTraces) = (body.ToArray(), http.Request.Path.Value?.EndsWith("traces", StringComparison.Ordinal) == true);
        lock (_bodies)
        {
            _bodies.Add(bytes);
            _doors.Add((http.Request.Path.Value ?? "", http.Request.Headers["x-collector-token"].ToString()));
            foreach (var of in new WireFormat(bytes).Messages(1))
            {
                var service = of.Messages(1).Single().Attributes(1)["service.name"];
                _spans.AddRange(isTraces ? of.Messages(2, 2).Select(span => Span.Of(service, span)) : []);
                _points.AddRange(isTraces ? [] : of.Messages(2, 2).SelectMany(metric => Point.Of(service, metric)));
            }

            _arrival.SetResult();
            _arrival = NewArrival();
        }

        http.Response.ContentType = "application/x-protobuf";
    }

    private string Describe()
    {
        lock (_bodies)
        {
            return string.Join(", ", _spans.Select(span => $"{span.Service} {span.Name}")) + "; " + string.Join(", ", _points.Select(point => point.Metric).Distinct());
        }
    }

    private static TaskCompletionSource NewArrival() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>A span as it arrived. Without a parent <paramref name="ParentId"/> is empty.</summary>
internal sealed record Span(
    string Service, string TraceId, string SpanId, string ParentId, string Name, string State, IReadOnlyDictionary<string, string> Attributes)
{
    public static Span Of(string service, WireFormat span) =>
        new(service, span.Hex(1), span.Hex(2), span.Hex(4), span.Text(5), span.Text(3), span.Attributes(9));
}

/// <summary>One number of a metric, with its tags.</summary>
internal sealed record Point(string Service, string Metric, string Unit, IReadOnlyDictionary<string, string> Tags)
{
    private const int Gauge = 5, Sum = 7, Histogram = 9;

    public static IEnumerable<Point> Of(string service, WireFormat metric) =>
        from kind in (int[])[Gauge, Sum, Histogram]
        from row in metric.Has(kind) ? metric.Messages(kind, 1) : []
        select new Point(service, metric.Text(1), metric.Text(3), row.Attributes(kind == Histogram ? 9 : 7));
}
