using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ControlPlane.Wire;

namespace ControlPlane.Telemetry;

/// <summary>Each request to a clone is counted once, by what came of it.</summary>
[Collection(RecordedAlone.Name)]
public sealed class RequestMeterTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _counted = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly MeterListener _listener = new();
    private GatewayUnderTest _gateway = null!;

    public async Task InitializeAsync()
    {
        _gateway = await GatewayUnderTest.StartAsync();
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Name is "archal.gateway.requests" or "archal.gateway.streams")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, count, tags, _) =>
        {
            _counted.Enqueue($"{instrument.Name["archal.gateway.".Length..]} {count} {string.Join(' ', tags.ToArray().Select(tag => tag.Value))}");
            _arrived.Release();
        });
        _listener.Start();
    }

    public async Task DisposeAsync()
    {
        _listener.Dispose();
        _arrived.Dispose();
        await _gateway.DisposeAsync();
    }

    [Fact]
    public async Task What_the_clone_answers_to_its_end_is_forwarded()
    {
        await using var wire = await _gateway.OpenAsync("GET", "/api");
        await wire.ReadHeadAsync();

        Assert.Equal(["requests 1 forwarded"], await CountedAsync(1));
    }

    [Fact]
    public async Task What_the_gateway_answers_is_refused_with_its_code()
    {
        await _gateway.SendRawAsync("GET /runtime/ses-1/github/api HTTP/1.1\r\nHost: localhost\r\n\r\n");

        Assert.Equal(["requests 1 refused credential_missing"], await CountedAsync(1));
    }

    [Fact]
    public async Task An_event_stream_is_open_until_its_key_is_revoked_and_then_cut()
    {
        var streaming = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _gateway.Worker.Answer = async (worker, _) =>
        {
            await worker.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n8\r\ndata: 1\n\r\n");
            await streaming.Task;
            return false;
        };
        await using var wire = await _gateway.OpenAsync("GET", "/api/events");
        await wire.ReadHeadAsync();
        Assert.Equal(["streams 1 events"], await CountedAsync(1));

        await _gateway.RevokeAsync();

        Assert.Equal(["requests 1 cut credential_invalid", "streams -1 events"], await CountedAsync(2));
        streaming.SetResult();
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_cut_without_a_code()
    {
        TaskCompletionSource begun = null!;
        _gateway.Worker.Answer = async (worker, _) =>
        {
            await worker.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
            await begun.Task;
            return false;
        };

        // More than once: breaking off looks like a caller who leaves, a moment later.
        for (var times = 0; times < 100; times++)
        {
            begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var wire = await _gateway.OpenAsync("GET", "/api");
            await wire.ReadHeadAsync();
            begun.SetResult();

            Assert.Equal(["requests 1 cut"], await CountedAsync(1));
        }
    }

    [Fact]
    public async Task Whoever_leaves_before_the_answer_is_abandoned()
    {
        var (asked, left) = (new TaskCompletionSource(), new TaskCompletionSource());
        _gateway.Worker.Answer = async (_, _) =>
        {
            asked.SetResult();
            await left.Task;
            return false;
        };
        var wire = await _gateway.OpenAsync("GET", "/api");
        await asked.Task;

        await wire.DisposeAsync();

        Assert.Equal(["requests 1 abandoned"], await CountedAsync(1));
        left.SetResult();
    }

    /// <summary>So many measurements, in the order of words.</summary>
    private async Task<IEnumerable<string>> CountedAsync(int expected)
    {
        var counted = new List<string>();
        while (counted.Count < expected)
        {
            Assert.True(await _arrived.WaitAsync(RawConnection.Patience), $"Only {string.Join(", ", counted)} was counted.");
            counted.Add(_counted.TryDequeue(out var one) ? one : throw new InvalidOperationException("What has arrived is there."));
        }

        Assert.Empty(_counted);
        return counted.Select(one => one.Trim()).Order(StringComparer.Ordinal);
    }
}
