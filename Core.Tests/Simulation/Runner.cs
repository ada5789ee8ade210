using System.Diagnostics;

namespace ControlPlane.Simulation;

/// <summary>Runs the schedules of one process and tells what came of them.</summary>
internal sealed class Runner(SimulationOptions options, TextWriter output)
{
    private const int Excerpt = 60;

    private readonly PriorityQueue<(Outcome Outcome, TimeSpan Took), TimeSpan> _slowest = new();
    private readonly Stopwatch _since = new();
    private long _schedules;
    private long _steps;
    private long _digest;
    private Outcome? _failed;

    /// <summary>1: a guarantee did not hold.</summary>
    public int Run()
    {
        var watch = Stopwatch.StartNew();
        _since.Start();
        OneThread.Run(Seeds(watch), seed => new Schedule(seed, options.Events, options.Trace), Take);
        var seconds = watch.Elapsed.TotalSeconds;
        output.WriteLine(
            $"{_schedules} schedules of {options.Events} events in {seconds:F1} s: {_schedules / seconds:F0} per second, {_steps / Math.Max(1, _schedules)} steps each, digest {_digest:x16}");
        TellSlowest();
        if (_failed is null)
        {
            return 0;
        }

        Tell(_failed);
        return 1;
    }

    private IEnumerable<long> Seeds(Stopwatch watch)
    {
        for (var seed = options.From; seed <= options.To && !(watch.Elapsed > options.Time); seed += options.Stride)
        {
            yield return seed;
        }
    }

    private bool Take(Outcome outcome)
    {
        _schedules++;
        _steps += outcome.Steps;
        _digest = (_digest * 31) + outcome.Digest;
        Time(outcome);
        if (options.Trace)
        {
            foreach (var line in outcome.Trace)
            {
                output.WriteLine(line);
            }
        }

        _failed = outcome.Problem is null ? null : outcome;
        return _failed is null;
    }

    private void Time(Outcome outcome)
    {
        var took = _since.Elapsed;
        _since.Restart();
        if (options.Slowest > 0)
        {
            _slowest.Enqueue((outcome with { Trace = [] }, took), took);
            if (_slowest.Count > options.Slowest)
            {
                _slowest.Dequeue();
            }
        }
    }

    private void TellSlowest()
    {
        while (_slowest.TryDequeue(out var slow, out _))
        {
            output.WriteLine($"seed {slow.Outcome.Seed} took {slow.Took.TotalSeconds:F2} s, {slow.Outcome.Steps} steps, {slow.Outcome.Took} of its own time");
        }
    }

    private void Tell(Outcome failed)
    {
        if (!options.Trace)
        {
            // Once more, as it was, to see how it came to that.
            OneThread.Run([failed.Seed], seed => new Schedule(seed, options.Events, traced: true), again =>
            {
                foreach (var line in again.Trace.TakeLast(Excerpt))
                {
                    output.WriteLine(line);
                }

                return false;
            });
        }

        output.WriteLine(failed.Profile);
        output.WriteLine(failed.Problem is Violation ? failed.Problem.Message : failed.Problem);
        output.WriteLine($"VIOLATION seed {failed.Seed} checker {(failed.Problem as Violation)?.Checker ?? "exception"} events {options.Events}");
    }
}
