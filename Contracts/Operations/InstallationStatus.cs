namespace ControlPlane.Operations;

/// <summary>The answer of <c>GET /api/admin/status</c>: what there is, for an operator.</summary>
/// <param name="At">When it was looked at.</param>
public sealed record InstallationStatus(
    DateTimeOffset At, IReadOnlyList<SiloStatusLine> Silos, IReadOnlyList<GatewayLine> Gateways, IReadOnlyList<WorkerLine> Workers, SessionCounts Sessions);

/// <summary>A silo; on one machine the one process.</summary>
/// <param name="Status"><c>active</c>, <c>joining</c>, <c>leaving</c> or <c>dead</c>.</param>
/// <param name="Since">When it was started.</param>
public sealed record SiloStatusLine(string Address, string Status, DateTimeOffset Since);

/// <summary>A gateway that holds a lease. One that has begun anew has another incarnation.</summary>
/// <param name="Status"><c>leased</c>; <c>silent</c>: it has missed a renewal; <c>evicted</c>: it is given none.</param>
/// <param name="LeaseLeftSeconds">Until its lease runs out if it is not renewed: the longest that a revocation waits for it.</param>
/// <param name="SilentSeconds">Since it was last heard of.</param>
/// <param name="RecallsOutstanding">What was recalled from it and it has not acknowledged.</param>
public sealed record GatewayLine(
    string Incarnation, string Status, double LeaseLeftSeconds, double SilentSeconds, long Renewals, int RecallsOutstanding);

/// <summary>A clone worker.</summary>
/// <param name="Status">
/// <c>ready</c>; <c>draining</c>: it stops, or an operator drains it; <c>silent</c>: it is given nothing until it is heard of; <c>lost</c>: its
/// sessions have failed.
/// </param>
/// <param name="Placements">The sessions that it said it holds, in its last heartbeat.</param>
/// <param name="Free">For how many more there is room.</param>
/// <param name="DrainedByOperator">By <c>archal admin workers drain</c>.</param>
/// <param name="SilentSeconds">Since it was last heard of; absent when that was before the pool began.</param>
/// <param name="Address">Its data port; absent when it was not heard of since the pool began.</param>
public sealed record WorkerLine(
    string WorkerId, string Status, int Capacity, int Placements, int Free, bool DrainedByOperator, double? SilentSeconds, string? Address);

/// <summary>
/// In quiet both are the same, and what the workers run: a live session more is one without clones, a placement more is a clone without a
/// session.
/// </summary>
/// <param name="Live">Sessions that have a place in a workspace's quota.</param>
/// <param name="Placements">What the workers that are not lost hold.</param>
public sealed record SessionCounts(int Live, int Placements);

/// <summary>The body of <c>POST /api/admin/gateways/evict</c>.</summary>
[System.Text.Json.Serialization.JsonUnmappedMemberHandling(System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow)]
public sealed record EvictGatewayRequest
{
    /// <summary>As <c>GET /api/admin/status</c> names it.</summary>
    public string? Incarnation { get; init; }
}

/// <summary>The answer: the incarnation is over, and nobody waits for it any more.</summary>
/// <param name="WaitedMs">How long its lease still ran.</param>
public sealed record EvictedGateway(string Incarnation, long WaitedMs);
