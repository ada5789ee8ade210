using ControlPlane.Errors;

namespace ControlPlane.Gateways;

/// <summary>
/// One request as the gateway's registry knows it, from before it is decided until its answer has ended. What is revoked while it runs
/// cuts it through <see cref="OnCut"/>.
/// </summary>
public abstract class InFlight
{
    /// <summary>Why the request was cut; null while it stands.</summary>
    public Refusal? CutBecause { get; private protected set; }

    /// <summary>
    /// Ends what runs: called once, synchronously, by the thread that takes a recall, and must not wait. After it returns no byte read
    /// from the clone is passed on.
    /// </summary>
    protected abstract void OnCut(Refusal because);
}

/// <summary>Where an admitted request goes.</summary>
/// <param name="SessionId">In lower case.</param>
/// <param name="CloneName">In lower case.</param>
/// <param name="Epoch">The placement's epoch: pools and registries are keyed by it, not by session.</param>
/// <param name="Worker">Scheme, host and port of the worker's data port.</param>
/// <param name="Ticket">The whole value of <c>x-clone-ticket</c>.</param>
public sealed record Route(string SessionId, string CloneName, long Epoch, Uri Worker, string Ticket);

/// <summary>The answer to "may this request pass": a route, or a refusal.</summary>
public readonly record struct Verdict(Route? Route, Refusal? Refusal);
