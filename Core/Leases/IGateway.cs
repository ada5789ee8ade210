namespace ControlPlane.Leases;

/// <summary>
/// One gateway process's lease, and the recalls that it has not yet acknowledged. Keyed by the gateway's incarnation. It alone knows about
/// the lease's time (protocol 13 to 15).
/// </summary>
public interface IGateway
{
    /// <summary>Gives a new incarnation its lease. Asked again it is a renewal; for an incarnation that is over it answers so.</summary>
    Task<LeaseAnswer> OpenAsync(CancellationToken cancellationToken = default);

    /// <summary>Renews, and takes what the gateway acknowledges. While a recall is outstanding the answer is the recall and no lease.</summary>
    Task<LeaseAnswer> RenewAsync(IReadOnlyList<RecallAnswer> acknowledged, CancellationToken cancellationToken = default);

    /// <summary>
    /// Saves a recall, then answers when the gateway has acknowledged it, or with null when its lease is over, whichever is first.
    /// </summary>
    Task<RecallAnswer?> RecallAsync(Recall recall, CancellationToken cancellationToken = default);

    /// <summary>Whether the lease is over; that is final. Answered without waiting.</summary>
    Task<bool> IsOverAsync(CancellationToken cancellationToken = default);

    /// <summary>The gateway gives its lease back: it holds nothing any more, and nobody needs to wait for it.</summary>
    Task CloseAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Refuses every further renewal and answers when the lease has run out, so that nobody ever waits for this incarnation again. A gateway
    /// that lives notices when its lease is over, and begins anew under another incarnation. Again: the same wait.
    /// </summary>
    /// <returns>False: there is no such incarnation.</returns>
    Task<bool> EvictAsync(CancellationToken cancellationToken = default);

    /// <summary>How it stands; null: there is no such incarnation.</summary>
    Task<GatewayView?> DescribeAsync(CancellationToken cancellationToken = default);
}

/// <summary>One incarnation as an operator sees it.</summary>
/// <param name="LeaseLeft">Until the lease runs out by the owner's count, if nothing renews it.</param>
/// <param name="Silent">Since it was last heard of, or since this owner began to listen if it has not heard of it yet.</param>
/// <param name="Recalls">What was recalled from it and it has not acknowledged.</param>
public sealed record GatewayView(bool Over, bool Evicted, TimeSpan LeaseLeft, TimeSpan Silent, long Renewals, int Recalls);

/// <summary>The answer to a gateway that asks for its lease.</summary>
/// <param name="Over">The incarnation is over and will never be renewed.</param>
/// <param name="Duration">How long the lease lasts, counted by its holder from when it sent the request; null: no lease was given.</param>
/// <param name="Recalls">What to drop, cut and acknowledge first.</param>
public sealed record LeaseAnswer(bool Over, TimeSpan? Duration, IReadOnlyList<Recall> Recalls)
{
    public static LeaseAnswer IsOver { get; } = new(true, null, []);
}
