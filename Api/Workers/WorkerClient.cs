using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ControlPlane.Errors;
using ControlPlane.Sessions;
using ControlPlane.Telemetry;

namespace ControlPlane.Workers;

/// <summary>A worker's control port over HTTP. Its owners' tokens bound each call, and call again.</summary>
public sealed class WorkerClient : IWorker
{
    private readonly HttpClient _http;
    private readonly StateRoom _room;

    /// <param name="room">For what workers answer with and that may be large: it is taken before it is read.</param>
    internal WorkerClient(HttpClient http, WorkerAddress address, StateRoom room) => (_http, Address, _room) = (http, address, room);

    public WorkerAddress Address { get; }

    public async Task<Refusal?> StartAsync(PlacementOrder order, CancellationToken cancellationToken = default)
    {
        using var span = Traces.Step("worker start", ActivityKind.Client);
        using var request = Request(HttpMethod.Put, Placement(order.SessionId));
        request.Content = JsonContent.Create(new PlacementStart(order.Epoch, order.Key, order.Clones), ContractsJson.Default.PlacementStart);
        using var response = await _http.SendAsync(request, cancellationToken);
        if (response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Conflict)
        {
            return await RefusalAsync(response, cancellationToken);
        }

        if (response.StatusCode == HttpStatusCode.ServiceUnavailable && (await EnvelopeAsync(response, cancellationToken))?.Code is { } code
            && code is WorkerRefusals.Full or WorkerRefusals.Draining)
        {
            return new Refusal(ErrorCode.NoCapacity, "The worker takes no more sessions.");
        }

        response.EnsureSuccessStatusCode();
        return null;
    }

    public async Task StopAsync(string sessionId, long epoch, CancellationToken cancellationToken = default)
    {
        using var span = Traces.Step("worker stop", ActivityKind.Client);
        var query = $"?epoch={epoch.ToString(CultureInfo.InvariantCulture)}";
        using var request = Request(HttpMethod.Delete, Placement(sessionId) + query);
        using var response = await _http.SendAsync(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.NotFound)
        {
            response.EnsureSuccessStatusCode();
        }
    }

    public async Task<Refusal?> SetCloneAsync(CloneReplacement replacement, CancellationToken cancellationToken = default)
    {
        using var span = Traces.Step("worker set clone", ActivityKind.Client);
        var seed = replacement.Seed is { } name ? $"&seed={Uri.EscapeDataString(name)}" : "";
        var clear = replacement.ClearsFaults ? "&faults=clear" : "";
        using var request = Request(HttpMethod.Put, Clone("state", replacement.SessionId, replacement.Epoch, replacement.CloneName) + seed + clear);
        request.Content = replacement.State is { } state ? new ReadOnlyMemoryContent(state) { Headers = { ContentType = new("application/json") } } : null;
        using var response = await _http.SendAsync(request, cancellationToken);
        return await CloneRefusalAsync(response, replacement.CloneName, cancellationToken);
    }

    public Task<CloneStateAnswer> CloneStateAsync(string sessionId, long epoch, string cloneName, CancellationToken cancellationToken = default) =>
        ReadAsync("state", sessionId, epoch, cloneName, cancellationToken);

    public async Task<Refusal?> SetFaultsAsync(CloneFaultOrder order, CancellationToken cancellationToken = default)
    {
        using var span = Traces.Step("worker set faults", ActivityKind.Client);
        using var request = Request(HttpMethod.Put, Clone("faults", order.SessionId, order.Epoch, order.CloneName));
        request.Content = new ByteArrayContent(order.Faults) { Headers = { ContentType = new("application/json") } };
        using var response = await _http.SendAsync(request, cancellationToken);
        return await CloneRefusalAsync(response, order.CloneName, cancellationToken);
    }

    public Task<CloneStateAnswer> FaultsAsync(string sessionId, long epoch, string cloneName, CancellationToken cancellationToken = default) =>
        ReadAsync("faults", sessionId, epoch, cloneName, cancellationToken);

    private async Task<CloneStateAnswer> ReadAsync(string what, string sessionId, long epoch, string cloneName, CancellationToken cancellationToken)
    {
        using var span = Traces.Step($"worker clone {what}", ActivityKind.Client);
        using var request = Request(HttpMethod.Get, Clone(what, sessionId, epoch, cloneName));
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (await CloneRefusalAsync(response, cloneName, cancellationToken) is { } refusal)
        {
            return new CloneStateAnswer(null, refusal);
        }

        try
        {
            using var room = _room.Take(response.Content.Headers.ContentLength ?? WorkerClients.LongestState);
            return new CloneStateAnswer(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        }
        catch (ControlPlaneException full)
        {
            return new CloneStateAnswer(null, full.Refusal);
        }
    }

    /// <summary>What the worker is, what it can run and what it runs.</summary>
    /// <exception cref="Exception">The worker was not reached or broke.</exception>
    public async Task<WorkerStatus> StatusAsync(CancellationToken cancellationToken = default)
    {
        using var request = Request(HttpMethod.Get, "/status");
        using var response = await _http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync(ContractsJson.Default.WorkerStatus, cancellationToken)
            ?? throw new HttpRequestException("The worker's status is empty.");
    }

    /// <summary>Its own words go into the session's <c>lastError</c>; they are for callers.</summary>
    private static async Task<Refusal> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken) => new(
        ErrorCode.SessionFailed,
        (await EnvelopeAsync(response, cancellationToken))?.Message ?? $"The worker refused to start the clones ({(int)response.StatusCode}).");

    private static async Task<Refusal?> CloneRefusalAsync(HttpResponseMessage response, string cloneName, CancellationToken cancellationToken)
    {
        var envelope = response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.Conflict
            ? await EnvelopeAsync(response, cancellationToken)
            : null;
        switch (response.StatusCode)
        {
            case HttpStatusCode.BadRequest when envelope is not null:
                return new Refusal(ErrorCode.RequestInvalid, envelope.Message);
            case HttpStatusCode.NotFound when envelope is not null:
                return new Refusal(ErrorCode.CloneNotInSession, $"The session's worker holds no clone {cloneName} of it.");
            case HttpStatusCode.Conflict:
                return new Refusal(ErrorCode.CloneUnreachable, "The session's worker holds another placement of it. Try again.", TimeSpan.FromSeconds(1));
            default:
                response.EnsureSuccessStatusCode();
                return null;
        }
    }

    private static async Task<ErrorEnvelope?> EnvelopeAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync(ContractsJson.Default.ErrorEnvelope, cancellationToken);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private HttpRequestMessage Request(HttpMethod method, string target)
    {
        var request = new HttpRequestMessage(method, new Uri(Address.Control, target))
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", Address.Secret) },
        };
        if (Activity.Current is { Recorded: true } span && span.Source == Signals.Source)
        {
            request.Headers.Add(Traces.Header, span.Id);
        }

        return request;
    }

    private static string Clone(string what, string sessionId, long epoch, string cloneName) =>
        $"{Placement(sessionId)}/clones/{Uri.EscapeDataString(cloneName)}/{what}?epoch={epoch.ToString(CultureInfo.InvariantCulture)}";

    private static string Placement(string sessionId) => $"/placements/{Uri.EscapeDataString(sessionId)}";
}
