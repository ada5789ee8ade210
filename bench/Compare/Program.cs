using System.Globalization;
using ControlPlane;

// <folder> <pairs> <seconds> <connections> <workload,…> <rounds at a fixed rate> <path of Load.dll>; the folder holds the file "targets".
// The first target is what the others are compared with. Each round runs all of them, in an order of its own, so that what else the
// machine does falls on all alike; a ratio is that of two runs of one round.
var (folder, pairs, seconds, connections) = (args[0], Whole(args[1]), Whole(args[2]), Whole(args[3]));
var (workloads, fixedRounds, load) = (args[4].Split(','), Whole(args[5]), args[6]);
var targets = File.ReadAllLines(Path.Combine(folder, "targets")).Select(Target.Parse).ToList();
var random = new Random(4711);
using var csv = new StreamWriter(Path.Combine(folder, "results.csv"));
using var report = new StreamWriter(Path.Combine(folder, "report.md"));
csv.WriteLine("workload,round,target,requests_per_second,cpu_us_per_request,p99_us,load_1m");
Say($"{pairs} rounds of {seconds} s, {connections} connections, {Environment.ProcessorCount} cores; load of the machine before {Load()}");
var capacity = 0.0;
foreach (var workload in Workload.All.Where(workload => workloads.Contains(workload.Name)))
{
    targets.ForEach(target => Wrk.Measure(target, workload, connections, seconds));
    var rounds = Enumerable.Range(1, pairs).Select(round => Round(workload, round)).ToList();
    var bare = rounds.ConvertAll(round => round[targets[0].Name]);
    capacity = workload.Name == "small" ? new Spread(bare.Select(run => run.Rate)).Median : capacity;
    Say($"\n## {workload.Name}\n\n| | requests/s | of {targets[0].Name} | CPU µs/request | of {targets[0].Name} |\n| --- | --- | --- | --- | --- |");
    foreach (var target in targets)
    {
        var runs = rounds.ConvertAll(round => round[target.Name]);
        Say($"| {target.Name} | {new Spread(runs.Select(run => run.Rate))} | {new Spread(runs.Zip(bare, (run, other) => run.Rate / other.Rate))} "
            + $"| {new Spread(runs.Select(run => run.CpuMicroseconds))} "
            + $"| {new Spread(runs.Zip(bare, (run, other) => run.CpuMicroseconds / other.CpuMicroseconds))} |");
    }
}

if (fixedRounds > 0 && capacity > 0)
{
    var rate = Math.Floor(capacity / 2);
    Say($"\n## small, {rate.ToString("F0", CultureInfo.InvariantCulture)} requests/s (half of what {targets[0].Name} can), "
        + $"{fixedRounds} rounds\n\n| | p99 µs | of {targets[0].Name} |\n| --- | --- | --- |");
    var rounds = Enumerable.Range(1, fixedRounds).Select(round => FixedRound(rate, round)).ToList();
    foreach (var target in targets)
    {
        Say($"| {target.Name} | {new Spread(rounds.Select(round => round[target.Name]))} "
            + $"| {new Spread(rounds.Select(round => round[target.Name] / round[targets[0].Name]))} |");
    }
}

Say($"\nLoad of the machine after: {Load()} (what is measured makes about {targets.Count.ToString(CultureInfo.InvariantCulture)} of it)");

Dictionary<string, Run> Round(Workload workload, int round) => Shuffled().ToDictionary(target => target.Name, target =>
{
    var run = Wrk.Measure(target, workload, connections, seconds);
    csv.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{workload.Name},{round},{target.Name},{run.Rate:F1},{run.CpuMicroseconds:F2},{run.P99Microseconds:F0},{Load().Split(' ')[0]}"));
    csv.Flush();
    return run;
});

Dictionary<string, double> FixedRound(double rate, int round) => Shuffled().ToDictionary(target => target.Name, target =>
{
    var p99 = Wrk.MeasureAt(target, load, rate, connections, seconds);
    csv.WriteLine(string.Create(CultureInfo.InvariantCulture, $"fixed rate,{round},{target.Name},{rate},,{p99:F0},{Load().Split(' ')[0]}"));
    return p99;
});

List<Target> Shuffled() => [.. targets.OrderBy(_ => random.Next())];

void Say(string line)
{
    Console.WriteLine(line);
    report.WriteLine(line);
    report.Flush();
}

static int Whole(string text) => int.Parse(text, CultureInfo.InvariantCulture);

static string Load() => string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3]);
