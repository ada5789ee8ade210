using System.Diagnostics;
using ControlPlane.Wire;

namespace ControlPlane.Telemetry;

/// <summary>What the worker sees of a trace, and what is recorded of a request.</summary>
[Collection(RecordedAlone.Name)]
public sealed class RequestTraceTests : IAsyncLifetime
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string Recorded = $"00-{Trace}-b7ad6b7169203331-01";
    private const string NotRecorded = $"00-{Trace}-b7ad6b7169203331-00";

    private readonly List<Activity> _spans = [];
    private GatewayUnderTest _gateway = null!;

    public async Task InitializeAsync() => _gateway = await GatewayUnderTest.StartAsync();

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    [InlineData($"traceparent: {Recorded}\r\ntracestate: a=1, b=2", Recorded, "a=1, b=2")]
    [InlineData("traceparent: nonsense\r\ntracestate: a=1", "nonsense", "a=1")]
    [InlineData("Accept: */*", null, null)]
    public async Task While_nobody_records_what_the_caller_sent_passes_untouched(string headers, string? parent, string? state)
    {
        var seen = await SeenAsync(headers);

        Assert.Equal((parent, state), (seen["traceparent"], seen["tracestate"]));
    }

    [Fact]
    public async Task A_request_that_is_recorded_goes_on_in_its_callers_trace()
    {
        using var listener = Listen();

        var seen = await SeenAsync($"traceparent: {Recorded}\r\ntracestate: a=1, b=2");

        var span = Assert.Single(_spans, span => span.Kind == ActivityKind.Server);
        Assert.Equal((Trace, "b7ad6b7169203331", null), (span.TraceId.ToHexString(), span.ParentSpanId.ToHexString(), span.TraceStateString));
        Assert.Equal((span.Id, "a=1, b=2"), (seen["traceparent"], seen["tracestate"]));
        Assert.Equal("GET /runtime/{session}/{clone}", span.DisplayName);
        Assert.Equal(
            ["archal.clone=github", "archal.session.id=ses-1", "http.request.method=GET", "http.response.status_code=200"],
            span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}").Order());
    }

    [Fact]
    public async Task A_request_that_its_caller_does_not_record_passes_as_it_came()
    {
        using var listener = Listen();

        Assert.Equal(NotRecorded, (await SeenAsync($"traceparent: {NotRecorded}"))["traceparent"]);
    }

    [Theory, InlineData("traceparent: nonsense\r\ntracestate: a=1"), InlineData($"traceparent: {Recorded}\r\ntraceparent: {Recorded}\r\ntracestate: a=1")]
    public async Task What_is_no_trace_begins_a_new_one_without_the_others_state(string headers)
    {
        using var listener = Listen();

        var seen = await SeenAsync(headers);

        var span = Assert.Single(_spans, span => span.Kind == ActivityKind.Server);
        Assert.NotEqual(Trace, span.TraceId.ToHexString());
        Assert.Equal((span.Id, null), (seen["traceparent"], seen["tracestate"]));
    }

    [Fact]
    public async Task Whoever_is_refused_is_recorded_by_its_code_and_with_nothing_of_its_own_text()
    {
        using var listener = Listen();

        await _gateway.SendRawAsync("BREW /runtime/secret-session/secret-clone/api/secret?secret HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer secret\r\n\r\n");

        var span = Assert.Single(_spans);
        Assert.Equal("_OTHER /runtime/{session}/{clone}", span.DisplayName);
        Assert.Equal(
            ["error.type=credential_malformed", "http.request.method=_OTHER", "http.response.status_code=401"],
            span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}").Order());
    }

    private async Task<Head> SeenAsync(string headers)
    {
        await using var wire = await _gateway.OpenAsync("GET", "/api", headers + "\r\n");
        var head = await wire.ReadHeadAsync() ?? throw new InvalidOperationException("It was not answered.");
        await wire.ReadBodyAsync(head);
        return (await _gateway.Worker.NextAsync()).Head;
    }

    /// <summary>As an exporter does: what the caller says of recording holds, and a new trace is recorded.</summary>
    private ActivityListener Listen()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Signals.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> span) => span.Parent == default || span.Parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded)
                ? ActivitySamplingResult.AllDataAndRecorded
                : ActivitySamplingResult.PropagationData,
            ActivityStarted = span =>
            {
                lock (_spans)
                {
                    _spans.Add(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
