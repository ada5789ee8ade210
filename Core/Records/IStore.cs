namespace ControlPlane.Records;

/// <summary>A record as it is stored.</summary>
/// <param name="Version">
/// Counts the saves from 1; 0 stands for "no record". It is part of the record because a store's own tag does not order.
/// </param>
/// <param name="State">Null: no record; written as null, the record is removed.</param>
public sealed record Stored<T>(long Version, T? State) where T : class
{
    public static Stored<T> None { get; } = new(0, null);
}

/// <summary>Where one entity keeps its one record. It holds no cache: what it reads is what is stored.</summary>
public interface IStore<T> where T : class
{
    /// <summary>What is stored now; null when there is no record.</summary>
    /// <exception cref="Exception">The store cannot be read. This never means that there is no record.</exception>
    Task<Stored<T>?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Writes <paramref name="next"/> if what is stored has the version before it. False: it has another, nothing was written. When it
    /// answers true the record is durable.
    /// </summary>
    /// <exception cref="Exception">The outcome is unknown: it may be written, now or later.</exception>
    Task<bool> TryWriteAsync(Stored<T> next, CancellationToken cancellationToken);
}
