namespace ControlPlane.Simulation;

/// <summary>A continuation, a timer or the arrival of a message: what a machine does without a pause.</summary>
internal readonly record struct Step(Machine Machine, int Life, SendOrPostCallback Act, object? State);

/// <summary>
/// One schedule's time and everything that is to happen in it. Steps that are ready run in an order that the seed chooses; when none is,
/// time goes on to the next message or timer.
/// </summary>
internal sealed class Scheduler(Chance chance, bool inOrder)
{
    private readonly List<Step> _ready = [];
    private readonly PriorityQueue<Action, (long At, long Number)> _later = new();
    private readonly List<Machine> _machines = [];
    private long _numbers;

    /// <summary>True time, which no machine knows.</summary>
    public long Now { get; private set; }

    public long Steps { get; private set; }

    public Chance Chance => chance;

    /// <summary>Thrown by a step: the schedule has failed.</summary>
    public Exception? Problem { get; set; }

    public void Add(Machine machine) => _machines.Add(machine);

    public void Ready(Step step) => _ready.Add(step);

    public void At(long when, Action act) => _later.Enqueue(act, (Math.Max(when, Now), ++_numbers));

    public void After(long span, Action act) => At(Now + span, act);

    /// <summary>Does one thing. False: nothing is left to do, ever.</summary>
    public bool RunOne() => RunOne(long.MaxValue - 1);

    /// <summary>Others go on for a while, in the middle of a step.</summary>
    public void RunOthers(long span)
    {
        var context = SynchronizationContext.Current;
        var until = Now + span;
        for (var steps = 0; steps < 100 && RunOne(until); steps++)
        {
        }

        SynchronizationContext.SetSynchronizationContext(context);
    }

    private bool RunOne(long until)
    {
        Steps++;
        if (_ready.Count > 0)
        {
            Run(TakeReady());
            return true;
        }

        Machine? next = null;
        var at = _later.TryPeek(out _, out var first) ? first.At : long.MaxValue;
        foreach (var machine in _machines)
        {
            var due = machine.NextTimer;
            if (due < at)
            {
                (next, at) = (machine, due);
            }
        }

        if (at > until)
        {
            return false;
        }

        Now = Math.Max(Now, at);
        if (next is not null)
        {
            next.FireTimer();
        }
        else
        {
            _later.Dequeue()();
        }

        return true;
    }

    private Step TakeReady()
    {
        var last = _ready.Count - 1;
        var index = inOrder ? 0 : last == 0 ? 0 : chance.Next(last + 1);
        var step = _ready[index];
        if (inOrder)
        {
            _ready.RemoveAt(0);
        }
        else
        {
            _ready[index] = _ready[last];
            _ready.RemoveAt(last);
        }

        return step;
    }

    private static void Run(Step step)
    {
        if (step.Machine.Takes(step))
        {
            step.Machine.Run(step.Act, step.State);
        }
    }
}
