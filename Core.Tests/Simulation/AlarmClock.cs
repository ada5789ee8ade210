using ControlPlane.Entities;
using ControlPlane.Hosting;

namespace ControlPlane.Simulation;

/// <summary>Keeps alarms durably; by true time, some activation of the entity is woken when one is due.</summary>
internal sealed class AlarmClock
{
    private readonly Cluster _cluster;
    private readonly Alarms _alarms;

    public AlarmClock(Cluster cluster)
    {
        _cluster = cluster;
        _alarms = new Alarms(cluster.Director.Clock, entity => new Woken(new Line(cluster, cluster.Director, entity)));
        cluster.Director.Post(() => _ = _alarms.RunAsync(CancellationToken.None));
    }

    public Task SetAsync(Machine machine, EntityKey entity, DateTimeOffset? due) =>
        _alarms.IsSet(entity, due) ? Task.CompletedTask : _cluster.Storage.DoAsync(machine, () =>
        {
            if (_cluster.Trace.IsOn)
            {
                _cluster.Trace.Add($"{machine.Name} sets the alarm of {entity} to {due?.ToString("O") ?? "never"}");
            }

            _alarms.Set(entity, due);
            return true;
        });

    /// <summary>An entity as its alarm sees it.</summary>
    private sealed class Woken(Line line) : IEntity
    {
        public bool IsForgettable => true;

        public Task WakeAsync(CancellationToken cancellationToken = default) =>
            line.CallAsync<IEntity>("wake", (found, token) => found.WakeAsync(token), cancellationToken);
    }
}
