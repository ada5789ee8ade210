using ControlPlane.Gateways;
using ControlPlane.Leases;

namespace ControlPlane.Simulation;

/// <summary>The ways to the gateways: over the network, to the process that opened them.</summary>
internal sealed class Doors(Cluster cluster)
{
    private readonly Dictionary<string, (Machine Machine, Func<Recall, RecallAnswer> Take)> _open = [];
    private int _names;

    public IGatewayDoor Of(Machine machine)
    {
        // What a process opened goes with it.
        machine.Died += () =>
        {
            foreach (var name in _open.Where(row => row.Value.Machine == machine).Select(row => row.Key).ToList())
            {
                _open.Remove(name);
            }
        };
        return new Door(this, machine);
    }

    public Task<RecallAnswer> RecallAsync(Machine from, string gateway, Recall recall, CancellationToken token)
    {
        var to = _open.TryGetValue(gateway, out var door) ? door.Machine : from;
        return cluster.Network.CallAsync<RecallAnswer>(from, to, "recall", _ => TakeAsync(gateway, recall), token);
    }

    private Task<RecallAnswer> TakeAsync(string gateway, Recall recall)
    {
        if (!_open.TryGetValue(gateway, out var door))
        {
            return Task.FromException<RecallAnswer>(new InvalidOperationException($"There is no gateway {gateway} here."));
        }

        var answer = door.Take(recall);
        cluster.Shares.Said(answer);
        return Task.FromResult(answer);
    }

    private sealed class Door(Doors doors, Machine machine) : IGatewayDoor
    {
        public Task<string> OpenAsync(Func<Recall, RecallAnswer> take, CancellationToken cancellationToken)
        {
            var name = $"{machine.Name}.{++doors._names}";
            doors._open[name] = (machine, take);
            return Task.FromResult(name);
        }

        public Task CloseAsync(string incarnation)
        {
            doors._open.Remove(incarnation);
            return Task.CompletedTask;
        }
    }
}
