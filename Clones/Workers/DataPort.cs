using System.Diagnostics;
using ControlPlane.Headers;
using ControlPlane.Journals;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ControlPlane.Workers;

/// <summary>
/// The port that gateways forward to. Who is meant is read from the ticket alone; without a ticket that opens a clone here the answer is 403
/// with nothing in it, so that a stranger learns nothing, not even which service would have answered. Who shows a ticket is told in a header
/// that it is refused: a gateway must not take that for the answer of a clone.
/// </summary>
internal sealed class DataPort(Placements placements)
{
    public async Task AnswerAsync(HttpContext http)
    {
        var began = Stopwatch.GetTimestamp();
        using var span = WorkerMeter.Begin(http, "clone");
        string? clone = null;
        try
        {
            clone = await AnswerClonesAsync(http);
        }
        finally
        {
            WorkerMeter.Answered(span, began, clone, http.Response.StatusCode);
        }
    }

    /// <summary>Answers, and says which clone did; null when none was let answer.</summary>
    private async Task<string?> AnswerClonesAsync(HttpContext http)
    {
        var headers = http.Request.Headers;
        var ticket = headers[HeaderNames.CloneTicket] is [var value] ? Ticket.Parse(value) : null;
        headers.Remove(HeaderNames.CloneTicket);
        if (ticket is null)
        {
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            return null;
        }

        var mark = new TicketMark(http.Response);
        if (await placements.OpenAsync(ticket.Value) is not { } clone)
        {
            mark.Refuse();
            return null;
        }

        var baseUrl = headers[HeaderNames.CloneBaseUrl].ToString();
        if (!Uri.TryCreate(baseUrl, UriKind.Absolute, out var absolute) || absolute.Host.Length == 0)
        {
            await Envelope.WriteAsync(http, StatusCodes.Status400BadRequest, "request_invalid",
                $"The header {HeaderNames.CloneBaseUrl} is missing or no absolute address. The gateway sets it.");
            return ticket.Value.CloneName;
        }

        headers.Remove(HeaderNames.CloneBaseUrl);
        try
        {
            await clone.AnswerAsync(http, baseUrl.TrimEnd('/'));
        }
        catch (LedgerClosedException) when (!http.Response.HasStarted)
        {
            // The session ended after the ticket had been looked at: the same answer as a moment later.
            http.Response.Clear();
            mark.Refuse();
        }

        await TakeTheRestAsync(http);
        return ticket.Value.CloneName;
    }

    // A clone may answer before it has read all that was sent: too much, or to no avail. Closing over unread bytes resets the connection, and a
    // gateway that is still sending would find it broken and never read the answer. So they are taken, and go nowhere.
    private static async Task TakeTheRestAsync(HttpContext http)
    {
        try
        {
            await http.Response.CompleteAsync();
            await http.Request.Body.CopyToAsync(Stream.Null, http.RequestAborted);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // Whoever was sending has broken off.
        }
    }

    /// <summary>Says of an answer that the ticket was refused, and takes out what a clone says in the same place, when the answer begins.</summary>
    private sealed class TicketMark
    {
        private readonly HttpResponse _response;
        private bool _refused;

        public TicketMark(HttpResponse response)
        {
            _response = response;
            response.OnStarting(static mark => ((TicketMark)mark).WriteAsync(), this);
        }

        public void Refuse() => (_refused, _response.StatusCode) = (true, StatusCodes.Status403Forbidden);

        private Task WriteAsync()
        {
            _response.Headers[HeaderNames.CloneTicket] = _refused ? HeaderNames.TicketRefused : default(StringValues);
            return Task.CompletedTask;
        }
    }
}
