using ControlPlane.Hosting;

namespace ControlPlane.Entities;

/// <summary>
/// The shell of an entity: an activation holds the plain object of Core and passes calls to it, all at once, for there is no mailbox to wait
/// in. One without a record goes as soon as it has answered, so that guesses at ids cost no memory.
/// </summary>
public abstract class EntityGrain<TEntity> : Grain, IEntityGrain, IIncomingGrainCallFilter where TEntity : IEntity
{
    private readonly EntityHost _host;
    private readonly Departure _departure;

    protected EntityGrain(EntityServices services, Func<string, IEntityHost, EntityOptions, TEntity> make)
    {
        _departure = services.Departure;
        _host = new EntityHost(GrainContext.GrainId, services);
        Entity = make(this.GetPrimaryKeyString(), _host, services.Options);
    }

    protected TEntity Entity { get; }

    public Task WakeAsync(CancellationToken cancellationToken = default) => Entity.WakeAsync(cancellationToken);

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        try
        {
            await (CallLimits.AskedAgain(context.InterfaceMethod) == Again.Never ? context.Invoke() : _departure.EndedAsync(GrainContext.GrainId, context.Invoke()));
        }
        finally
        {
            if (!_host.HasRecord && Entity.IsForgettable)
            {
                DeactivateOnIdle();
            }
        }
    }
}
