namespace ControlPlane.Operations;

/// <summary>The answer of <c>GET /api/admin/sessions/{id}/why</c>: why a session is alive or dead.</summary>
public sealed record SessionWhy
{
    public required string SessionId { get; init; }
    public required string WorkspaceId { get; init; }
    public required string CreatedBy { get; init; }

    /// <summary><c>starting</c>, <c>running</c>, <c>ended</c> or <c>failed</c>.</summary>
    public required string Status { get; init; }

    public bool Alive { get; init; }

    /// <summary>
    /// While it lives the deadline that comes first, <c>idle</c> or <c>end</c>. Else what ended it: <c>stopped</c>, <c>idle</c>,
    /// <c>end_reached</c>, <c>worker_lost</c>, <c>start_failed</c>, <c>not_let_in</c>, <c>restored</c>, or <c>unknown</c>: before this was kept.
    /// </summary>
    public required string Because { get; init; }

    /// <summary>The same as a sentence.</summary>
    public required string Explanation { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset LastUsedAt { get; init; }
    public required DateTimeOffset IdleAt { get; init; }
    public required DateTimeOffset EndAt { get; init; }

    /// <summary>Until the idle deadline; absent when it is over.</summary>
    public double? IdleInSeconds { get; init; }

    /// <summary>Until the absolute end; absent when it is over.</summary>
    public double? EndInSeconds { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Who stopped it: <c>user:…</c> or <c>key:…</c>.</summary>
    public string? EndedBy { get; init; }

    public string? LastError { get; init; }

    /// <summary>Where its clones are, or were; absent when it never had a place.</summary>
    public WhyPlacement? Placement { get; init; }

    /// <summary>The incarnations of the gateways that let requests in without asking.</summary>
    public required IReadOnlyList<string> Readers { get; init; }

    /// <summary>The gateways that are still to be told of its last change.</summary>
    public required IReadOnlyList<string> StillToBeTold { get; init; }

    /// <summary>What must still follow its changes: <c>reserve</c>, <c>start</c>, <c>stop</c>, <c>release</c>, <c>list</c>.</summary>
    public required IReadOnlyList<string> StillToDo { get; init; }

    /// <summary>Requests left in its budget; absent when it has none.</summary>
    public int? RequestsLeft { get; init; }
}

/// <param name="Epoch">Counts the places that the session has had.</param>
/// <param name="Worker"><c>there</c>, <c>silent</c>, <c>lost</c>, or <c>unknown</c>: not heard of since the pool began.</param>
public sealed record WhyPlacement(string WorkerId, long Epoch, string Worker);
