using System.Diagnostics.CodeAnalysis;
using ControlPlane.Clusters;
using ControlPlane.Histories;
using ControlPlane.Loads;
using ControlPlane.Scenarios;

namespace ControlPlane;

/// <summary>Starts a cluster and a load, does one fault after another, and judges the history.</summary>
internal static class Runner
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(4);

    public static int Usage()
    {
        Console.Error.WriteLine("chaos run [fault…] [--seconds N] [--rate N] [--tenants N] [--seed N] [--balancer] [--history FILE] | judge FILE | list");
        return 2;
    }

    public static int List()
    {
        foreach (var fault in Faults.All)
        {
            Console.WriteLine(fault.Name);
        }

        return 0;
    }

    public static int JudgeFile(string file) => Say([.. History.Load(file)], []);

    [SuppressMessage("Design", "CA1031", Justification = "What ends early is judged too, and says why more often than not.")]
    public static async Task<int> RunAsync(RunOptions options)
    {
        var (history, rounds) = (new History(), new List<Round>());
        string? early = null, ghosts = null;
        try
        {
            await using var cluster = await Cluster.StartAsync(Root(), null);
            await using var balancer = options.ThroughBalancer ? await Balancer.StartAsync(Root()) : null;
            await using (var load = await Load.StartAsync(
                cluster, options.ThroughBalancer ? [Balancer.Url] : Cluster.Gateways, history, options.Tenants, options.PerSecond, options.Seed))
            {
                await DoAsync(options, cluster, load, history, rounds);
            }

            ghosts = await Ghosts.FindAsync(Cluster.Gateways[0], cluster.Token, history.Snapshot());
        }
        catch (Exception problem)
        {
            early = $"ended before its time: {problem.Message}";
        }

        var operations = history.Snapshot();
        if (options.History is { } file)
        {
            await History.SaveAsync(operations, file);
        }

        return Say(operations, [early, .. rounds.Select(round => round.Broken(operations)), ghosts]);
    }

    [SuppressMessage("Security", "CA5394", Justification = "A schedule and no secret.")]
    private static async Task DoAsync(RunOptions options, Cluster cluster, Load load, History history, List<Round> rounds)
    {
        await Task.Delay(Between, TimeProvider.System);
        var began = History.Now;
        var random = new Random(options.Seed);
        while (rounds.Count < options.Faults.Count || History.Now - began < options.AtLeast.TotalMicroseconds)
        {
            var fault = rounds.Count < options.Faults.Count ? options.Faults[rounds.Count] : options.Faults[random.Next(options.Faults.Count)];
            var from = History.Now;
            cluster.Mend(isDone: false);
            await fault.RunAsync(cluster, load);
            await Task.Delay(Between, TimeProvider.System);
            rounds.Add(new Round(fault, from, History.Now, cluster.Mended, rounds.Count == 0 ? began : rounds[^1].Well));
            Console.WriteLine(rounds[^1].Report(history.Snapshot()));
        }
    }

    private static int Say(IReadOnlyList<Operation> operations, IReadOnlyList<string?> others)
    {
        var faults = Judge.Violations(operations).Concat(others.OfType<string>()).ToList();
        faults.Take(20).ToList().ForEach(Console.WriteLine);
        Console.WriteLine($"{operations.Count(operation => operation.IsRequest)} requests, "
            + $"{operations.Count(operation => operation is { Kind: OperationKind.Revoke, IsOk: true })} revocations, {faults.Count} violations");
        return faults.Count == 0 ? 0 : 1;
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ControlPlane.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("chaos runs inside the repository.");
        }

        return folder.FullName;
    }
}
