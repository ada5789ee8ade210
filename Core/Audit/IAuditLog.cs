namespace ControlPlane.Audit;

/// <summary>
/// What was administered in a workspace: appended, and never changed. Keyed by workspace id. It is fed by the effects of the changes
/// themselves, so that nothing is acknowledged that is not in it.
/// </summary>
public interface IAuditLog
{
    /// <summary>Takes an act in. Once more is harmless.</summary>
    /// <exception cref="Errors.ControlPlaneException">503: the log cannot be written now.</exception>
    Task RecordAsync(AuditEvent happened, CancellationToken cancellationToken = default);

    /// <summary>A page, newest first.</summary>
    Task<AuditPage> PageAsync(AuditQuery query, CancellationToken cancellationToken = default);
}

/// <param name="Action">Only these; null: all.</param>
/// <param name="Before">The cursor of the page before; null: from the newest on.</param>
public sealed record AuditQuery(AuditAction? Action, int Limit, long? Before);

/// <param name="Next">The cursor of the next page; null on the last one.</param>
public sealed record AuditPage(IReadOnlyList<AuditEvent> Events, long? Next);
