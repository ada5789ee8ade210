namespace ControlPlane.Operations;

/// <summary>The processes that the entities live in, as their host knows them.</summary>
public interface ISilos
{
    /// <summary>All of them, also those that are known to be dead and not yet forgotten.</summary>
    Task<IReadOnlyList<SiloView>> ListAsync(CancellationToken cancellationToken = default);
}

/// <param name="Address">Where the others reach it; of the one process its name and id.</param>
/// <param name="Status"><c>active</c>, <c>joining</c>, <c>leaving</c> or <c>dead</c>.</param>
/// <param name="Since">When it was started.</param>
public sealed record SiloView(string Address, string Status, DateTimeOffset Since);
