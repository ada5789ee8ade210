using System.Text.Json.Serialization;

namespace ControlPlane.Sessions;

/// <summary>All faults that are injected into a clone's answers: the body of <c>PUT …/faults</c> and the answer to <c>GET</c>. None: an empty list.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CloneFaultList
{
    /// <summary>At most 50. The first that fits a request, and is not used up, is the one that it meets.</summary>
    public IReadOnlyList<CloneFault>? Faults { get; init; }
}

/// <summary>What happens to requests on some routes: a delay, an error, a connection that breaks, or a delay before one of these.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CloneFault
{
    /// <summary>Only requests with this method; any when absent.</summary>
    public string? Method { get; init; }

    /// <summary>
    /// Only requests below the clone's <c>/api</c> with this path, such as <c>/repos/*/*/issues</c>: <c>*</c> is any one segment, <c>**</c> at the
    /// end all that follows. Compared without case. Any request when absent.
    /// </summary>
    public string? Path { get; init; }

    /// <summary>Milliseconds that the request waits first, 1 to 60 000.</summary>
    public int? DelayMs { get; init; }

    /// <summary>The status that it is answered with, 400 to 599; the clone does not see the request.</summary>
    public int? Status { get; init; }

    /// <summary>What is in <c>message</c> of that answer.</summary>
    public string? Message { get; init; }

    /// <summary>The connection breaks after the first byte of an answer was sent; the clone does not see the request.</summary>
    public bool? Drop { get; init; }

    /// <summary>How many requests meet it, 1 to 1 000 000; all when absent. A worker that starts anew counts anew.</summary>
    public int? Times { get; init; }
}
