using ControlPlane.Entities;
using ControlPlane.Leases;
using ControlPlane.Workers;
using ControlPlane.Workspaces;

namespace ControlPlane.Operations;

/// <summary>One incarnation that holds a lease.</summary>
public sealed record LeasedGateway(string Incarnation, GatewayView View);

/// <summary>
/// What there is, at about one moment. Where nothing happens meanwhile, the sessions, the placements, and what the workers run are one number.
/// </summary>
/// <param name="Gateways">Those whose lease is not over.</param>
/// <param name="LiveSessions">Those with a place in the quota of their workspace: starting, running, or ended and not yet cleaned up.</param>
/// <param name="Placements">What the workers that are not lost said that they hold.</param>
public sealed record Overview(
    IReadOnlyList<LeasedGateway> Gateways, IReadOnlyList<WorkerView> Workers, int LiveSessions, int Placements)
{
    /// <summary>How many entities one look asks at once.</summary>
    private const int AtOnce = 32;

    /// <exception cref="Errors.ControlPlaneException">503: something of it cannot be asked now. Half a picture would be taken for all of it.</exception>
    public static async Task<Overview> ReadAsync(IEntities entities, CancellationToken cancellationToken = default)
    {
        var gateways = GatewaysAsync(entities, cancellationToken);
        var live = LiveAsync(entities, cancellationToken);
        var workers = await entities.Workers.ListAsync(cancellationToken);
        return new Overview(
            await gateways, workers, await live, workers.Where(worker => !worker.IsLost).Sum(worker => worker.Placements));
    }

    private static async Task<IReadOnlyList<LeasedGateway>> GatewaysAsync(IEntities entities, CancellationToken cancellationToken)
    {
        var names = await entities.Roster(IRoster.Gateways).AllAsync(cancellationToken);
        var views = await EachAsync(names, async name => await entities.Gateway(name).IsOverAsync(cancellationToken)
            ? null
            : await entities.Gateway(name).DescribeAsync(cancellationToken));
        return [.. names.Zip(views).Where(row => row.Second is { Over: false }).Select(row => new LeasedGateway(row.First, row.Second!))];
    }

    /// <summary>A workspace that was there before there was a roster is on it from its next session on; the first one is always looked at.</summary>
    private static async Task<int> LiveAsync(IEntities entities, CancellationToken cancellationToken)
    {
        var names = await entities.Roster(IRoster.Workspaces).AllAsync(cancellationToken);
        return (await EachAsync(
            [.. names.Append(FirstWorkspace.Id).Distinct()], name => entities.Workspace(name).DescribeAsync(cancellationToken)))
            .Sum(view => view?.LiveSessions ?? 0);
    }

    private static async Task<TView[]> EachAsync<TView>(IReadOnlyList<string> names, Func<string, Task<TView>> askAsync)
    {
        using var places = new SemaphoreSlim(AtOnce);
        return await Task.WhenAll(names.Select(async name =>
        {
            await places.WaitAsync();
            try
            {
                return await askAsync(name);
            }
            finally
            {
                places.Release();
            }
        }));
    }
}
