using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Workers;

/// <summary>
/// The port that the control plane speaks to: <c>PUT</c> and <c>DELETE /placements/{session}</c>, <c>GET</c> and <c>PUT</c>
/// <c>/placements/{session}/clones/{clone}/state</c> and <c>…/faults</c>, <c>GET /status</c>. It knows one
/// credential, the worker's own secret; every answer to a change is durable when it is sent.
/// </summary>
internal sealed partial class ControlPort(Placements placements, string workerId, int capacity, string secret, ILogger<ControlPort> logger)
{
    private const string PlacementPrefix = "/placements/";

    private readonly PlacedClones _clones = new(placements);

    /// <summary>No new placement is taken; what is held is served.</summary>
    public bool IsDraining { get; set; }

    private readonly byte[] _secretDigest = SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    public async Task AnswerAsync(HttpContext http)
    {
        if (!IsOurs(http.Request))
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        using var span = Begin(http);
        try
        {
            await RouteAsync(http);
            span?.SetTag("http.response.status_code", http.Response.StatusCode);
        }
        catch (Exception exception) when (exception is IOException and not BadHttpRequestException or UnauthorizedAccessException)
        {
            LogNotDurable(exception);
            await Envelope.WriteAsync(http, 503, "not_durable", "The worker could not write to its disk. Nothing was changed; try again.");
        }
    }

    private Task RouteAsync(HttpContext http)
    {
        var path = http.Request.Path.Value ?? "";
        var session = path.StartsWith(PlacementPrefix, StringComparison.Ordinal) ? path[PlacementPrefix.Length..] : null;
        if (session?.Split('/') is [var of, "clones", var clone, ("state" or "faults") and var what] && Names.IsPlain(of) && Names.IsPlain(clone))
        {
            return _clones.AnswerAsync(http, of, clone, what);
        }

        return (http.Request.Method, session) switch
        {
            ("GET", null) when path == "/status" => StatusAsync(http),
            (_, { } name) when !Names.IsPlain(name) => Envelope.WriteAsync(http, 400, "request_invalid", "The session is no plain name."),
            ("PUT", { } name) => StartAsync(http, name),
            ("DELETE", { } name) => EndAsync(http, name),
            _ => Envelope.WriteAsync(http, 404, "path_unknown", "The control port knows /placements/{session} and /status."),
        };
    }

    /// <summary>The span of a change; being asked how it is every few seconds is not worth one.</summary>
    private static Activity? Begin(HttpContext http) => http.Request.Method switch
    {
        "PUT" => WorkerMeter.Begin(http, "start placement"),
        "DELETE" => WorkerMeter.Begin(http, "stop placement"),
        _ => null,
    };

    private bool IsOurs(HttpRequest request)
    {
        const string Scheme = "Bearer ";
        var given = request.Headers.Authorization is [{ } value] && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? value[Scheme.Length..].Trim()
            : "";
        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), _secretDigest);
    }

    private async Task StatusAsync(HttpContext http)
    {
        var status = new WorkerStatus(workerId, capacity, await placements.HeldAsync(), [.. placements.Clones.Values.Select(clone => clone.Catalogue)], IsDraining);
        await Envelope.WriteAsync(http, JsonSerializer.SerializeToUtf8Bytes(status, ContractsJson.Default.WorkerStatus));
    }

    private async Task StartAsync(HttpContext http, string session)
    {
        var start = await ReadAsync(http);
        if (start is null || PlacementStartFault.In(start, placements.Clones) is { } fault)
        {
            await Envelope.WriteAsync(http, 400, "request_invalid", start is null
                ? "The body is not a placement: {\"epoch\":1,\"key\":\"…\",\"clones\":{\"github\":\"empty\"}}."
                : PlacementStartFault.In(start, placements.Clones)!);
            return;
        }

        if (IsDraining && !(await placements.ReadAsync()).Placements.ContainsKey(session))
        {
            await Envelope.WriteAsync(http, 503, WorkerRefusals.Draining, "The worker is about to stop and takes no more sessions.");
            return;
        }

        switch (await placements.StartAsync(session, start))
        {
            case StartOutcome.Started:
                var started = new PlacementStarted(start.Epoch, start.Clones);
                await Envelope.WriteAsync(http, JsonSerializer.SerializeToUtf8Bytes(started, ContractsJson.Default.PlacementStarted));
                return;
            case StartOutcome.Full:
                await Envelope.WriteAsync(http, 503, WorkerRefusals.Full, $"The worker holds {capacity} sessions and takes no more.");
                return;
            case StartOutcome.KeyDiffers:
                await Envelope.WriteAsync(http, 409, "placement_differs", "This epoch is held with another key or other clones.");
                return;
            default:
                await Envelope.WriteAsync(http, 409, "epoch_passed", "A placement of a later epoch is held, or this one has ended.");
                return;
        }
    }

    private async Task EndAsync(HttpContext http, string session)
    {
        var given = http.Request.Query["epoch"];
        var upTo = long.TryParse(given, out var epoch) ? epoch : (long?)null;
        if (given.Count > 0 && upTo is null)
        {
            await Envelope.WriteAsync(http, 400, "request_invalid", "The epoch is not a number.");
            return;
        }

        await placements.EndAsync(session, upTo);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static async Task<PlacementStart?> ReadAsync(HttpContext http)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(http.Request.Body, ContractsJson.Default.PlacementStart, http.RequestAborted);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [LoggerMessage(EventId = 7201, EventName = "PlacementNotDurable", Level = LogLevel.Error,
        Message = "A placement could not be written; nothing was changed")]
    private partial void LogNotDurable(Exception exception);
}
