using ControlPlane.Entities;
using ControlPlane.Hosting;

namespace ControlPlane.Simulation;

/// <summary>Keeps alarms durably and wakes some activation of the entity when one is due, until it succeeds.</summary>
internal sealed class AlarmClock(Cluster cluster)
{
    private readonly Dictionary<EntityKey, (DateTimeOffset Due, long Number)> _set = [];
    private long _numbers;

    public Task SetAsync(Machine machine, EntityKey entity, DateTimeOffset? due) =>
        _set.TryGetValue(entity, out var set) ? set.Due == due ? Task.CompletedTask : StoreAsync(machine, entity, due)
        : due is null ? Task.CompletedTask
        : StoreAsync(machine, entity, due);

    public bool IsSet(EntityKey entity) => _set.ContainsKey(entity);

    private Task StoreAsync(Machine machine, EntityKey entity, DateTimeOffset? due) => cluster.Storage.DoAsync(machine, () =>
    {
        Set(entity, due);
        return true;
    });

    private void Set(EntityKey entity, DateTimeOffset? due)
    {
        if (due is not { } at)
        {
            _set.Remove(entity);
            return;
        }

        var number = ++_numbers;
        _set[entity] = (at, number);
        cluster.Scheduler.At((at - MachineClock.Start).Ticks, () => cluster.Director.Post(() => _ = WakeAsync(entity, number)));
    }

    private async Task WakeAsync(EntityKey entity, long number)
    {
        var chance = cluster.Chance;
        while (_set.TryGetValue(entity, out var set) && set.Number == number)
        {
            try
            {
                await new Line(cluster, cluster.Director, entity).CallAsync<IEntity>("wake", (found, token) => found.WakeAsync(token), CancellationToken.None);
            }
            catch (Exception)
            {
                // It is woken until it succeeds.
            }

            if (_set.TryGetValue(entity, out set) && set.Number == number)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(900 + chance.Next(200)), cluster.Director.Clock);
            }
        }
    }
}
