namespace ControlPlane.Operations;

/// <summary>
/// Names of entities of one kind, so that an operator can be shown all of them: entities are found by key alone. An index, never a right.
/// Keyed by one of the constants here.
/// </summary>
public interface IRoster
{
    /// <summary>The incarnations that hold a lease, or held one until a minute ago.</summary>
    public const string Gateways = "gateways";

    /// <summary>The workspaces that have ever started a session.</summary>
    public const string Workspaces = "workspaces";

    /// <summary>Takes a name in. Twice is harmless.</summary>
    Task EnterAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Takes a name out; harmless when it is not there.</summary>
    Task LeaveAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>All names, in order.</summary>
    Task<IReadOnlyList<string>> AllAsync(CancellationToken cancellationToken = default);
}
