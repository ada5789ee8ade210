using System.Collections.Concurrent;
using ControlPlane.Authorization;
using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.Leases;

namespace ControlPlane.Sessions;

/// <summary>Stops every session that a query finds.</summary>
internal static class SessionsStop
{
    /// <summary>One report for all: gateways summed, the longest wait.</summary>
    /// <exception cref="ControlPlaneException">What kept one of them from being stopped; the others are stopped all the same.</exception>
    public static async Task<RecallReport> AllAsync(
        IEntities entities, Caller caller, SessionQuery query, int atOnce, CancellationToken cancellationToken)
    {
        var total = RecallReport.Nobody;
        var problems = new ConcurrentQueue<ControlPlaneException>();
        var gate = new Lock();
        await Parallel.ForEachAsync(
            await FindAsync(entities, caller, query, cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken },
            async (id, token) =>
            {
                try
                {
                    var one = await entities.Session(id).StopAsync(caller, token);
                    lock (gate)
                    {
                        total = new RecallReport(
                            total.Acknowledged + one.Acknowledged, total.Waited + one.Waited, Math.Max(total.Milliseconds, one.Milliseconds));
                    }
                }
                catch (ControlPlaneException problem)
                {
                    problems.Enqueue(problem);
                }
            });
        return problems.TryDequeue(out var first) ? throw first : total;
    }

    private static async Task<List<string>> FindAsync(IEntities entities, Caller caller, SessionQuery query, CancellationToken cancellationToken)
    {
        var found = new List<string>();
        do
        {
            var page = await entities.Sessions(caller.WorkspaceId).PageAsync(query, cancellationToken);
            found.AddRange(page.SessionIds);
            query = query with { After = page.Next };
        }
        while (query.After is not null);

        return found;
    }
}
