using ControlPlane.Entities;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace ControlPlane.Hosting;

/// <summary>What the shells of entities need of their silo.</summary>
/// <param name="Storage">The provider under the name <see cref="StorageName"/>.</param>
public sealed record EntityServices(
    IGrainFactory Grains, IEntities Entities, EntityClock Clock, EntityOptions Options, CallLimits Limits, Departure Departure,
    [FromKeyedServices(EntityServices.StorageName)] IGrainStorage Storage)
{
    /// <summary>How a silo names the grain storage that holds the records, logs and alarms.</summary>
    public const string StorageName = "records";
}
