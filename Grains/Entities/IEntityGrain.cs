namespace ControlPlane.Entities;

/// <summary>What every entity's grain offers to its alarm.</summary>
[Alias("entity")]
public interface IEntityGrain : IGrainWithStringKey
{
    /// <inheritdoc cref="IEntity.WakeAsync"/>
    [Alias("wake")]
    Task WakeAsync(CancellationToken cancellationToken = default);
}
