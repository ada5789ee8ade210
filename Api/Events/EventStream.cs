using System.Globalization;
using System.Text;
using System.Text.Json;
using ControlPlane.Auth;
using ControlPlane.Entities;
using ControlPlane.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ControlPlane.Events;

/// <summary>
/// One answer of server-sent events. It is written after the filters of the endpoint, so it looks by itself whether its caller still may
/// read: what is revoked breaks it off.
/// </summary>
/// <param name="first">What was read before the answer began.</param>
/// <param name="query">What was asked for.</param>
/// <param name="isOver">Whether nothing more can happen to what is read.</param>
internal sealed class EventStream(
    EventStreams streams, IEntities entities, TimeProvider time, EventPage first, EventQuery query, bool isOver) : IResult
{
    /// <summary>How long a reader is to wait before it comes back, in milliseconds.</summary>
    private const string Opening = "retry: 2000\n\n";

    private const string Heartbeat = ": nothing new\n\n";

    public async Task ExecuteAsync(HttpContext http)
    {
        var acting = Acting.On(http);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(acting.Request.Stopped, streams.Stopping);
        var response = http.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        try
        {
            await WriteAsync(response, Opening, end.Token);
            await RunAsync(response, acting, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Told apart below.
        }
        catch (ControlPlaneException)
        {
            // The events cannot be read now. The answer has begun, so its reader is left to come back.
        }

        if (!acting.Request.MayPass(0))
        {
            http.Abort();
        }
    }

    private async Task RunAsync(HttpResponse response, Acting acting, CancellationToken end)
    {
        var spoke = time.GetTimestamp();
        for (var page = first; !page.IsGone && acting.Request.MayPass(0); page = await NextAsync(acting, page.Last, end))
        {
            var text = new StringBuilder();
            foreach (var happened in page.Events)
            {
                Append(text, happened);
            }

            if (text.Length == 0 && time.GetElapsedTime(spoke) >= streams.Heartbeat)
            {
                text.Append(Heartbeat);
            }

            if (text.Length > 0)
            {
                await WriteAsync(response, text.ToString(), end);
                spoke = time.GetTimestamp();
            }

            if (query.SessionId is not null
                && (page.Events.Any(happened => SessionEvent.IsLast(happened.Event.Kind)) || (isOver && page.Events.Count == 0)))
            {
                return;
            }
        }
    }

    private Task<EventPage> NextAsync(Acting acting, long last, CancellationToken end) =>
        entities.Events(acting.Caller.WorkspaceId).ReadAsync(query with { After = last, Waits = true }, end).WaitAsync(end);

    private static void Append(StringBuilder text, NumberedEvent happened)
    {
        var line = EventWords.Line(happened.Event);
        text.Append("id: ").Append(happened.Number.ToString(CultureInfo.InvariantCulture)).Append("\nevent: ").Append(line.Type)
            .Append("\ndata: ").Append(JsonSerializer.Serialize(line, ContractsJson.Default.SessionEventLine)).Append("\n\n");
    }

    private static async Task WriteAsync(HttpResponse response, string text, CancellationToken cancellationToken)
    {
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }
}
