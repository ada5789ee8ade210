namespace ControlPlane.Operations;

/// <summary>How a host copies all that it keeps, while it runs. A host without it has a store with backups of its own.</summary>
public interface IBackups
{
    /// <summary>A consistent copy. Whoever disposes of the stream disposes of the copy.</summary>
    /// <exception cref="Errors.ControlPlaneException">429: another one is being made; 503: it cannot be made now.</exception>
    Task<Backup> TakeAsync(CancellationToken cancellationToken = default);
}

/// <param name="Moment">What was acknowledged before it is in the copy; what came after is not.</param>
public sealed record Backup(Stream Content, DateTimeOffset Moment);
