using System.Diagnostics.CodeAnalysis;

namespace ControlPlane.Simulation;

/// <summary>
/// One process on a machine of its own: its steps, its clocks, and what can befall them. It can freeze between any two steps, be suspended,
/// or die with all that it has under way.
/// </summary>
internal sealed class Machine
{
    private readonly Scheduler _scheduler;
    private readonly List<Step> _parked = [];
    private Context _context;
    private bool _suspended;

    public Machine(Scheduler scheduler, string name, int partsPerMillion)
    {
        (_scheduler, Name) = (scheduler, name);
        Clock = new MachineClock(scheduler, this, partsPerMillion);
        _context = new Context(this, Life);
        scheduler.Add(this);
    }

    public string Name { get; }

    public MachineClock Clock { get; }

    /// <summary>Counts its processes: what belongs to an earlier one is dead.</summary>
    public int Life { get; private set; } = 1;

    public bool IsUp { get; private set; } = true;

    public bool IsFrozen { get; private set; }

    /// <summary>How likely a step waits though it could go on.</summary>
    public double Dawdles { get; set; }

    public long NextTimer => IsUp && !IsFrozen ? Clock.NextDue : long.MaxValue;

    /// <summary>Raised when its process dies.</summary>
    public event Action? Died;

    public void Post(Action act) => Post(Life, static state => ((Action)state!)(), act);

    public void Post(int life, SendOrPostCallback act, object? state)
    {
        if (life != Life || !IsUp)
        {
            return;
        }

        var step = new Step(this, life, act, state);
        if (Dawdles > 0 && _scheduler.Chance.Is(Dawdles))
        {
            _scheduler.After(_scheduler.Chance.Milliseconds(0, 300), () => _scheduler.Ready(step));
        }
        else
        {
            _scheduler.Ready(step);
        }
    }

    /// <summary>Whether a step may run now; one that may not is kept until the machine goes on, or is forgotten with its process.</summary>
    public bool Takes(Step step)
    {
        if (step.Life != Life || !IsUp)
        {
            return false;
        }

        if (IsFrozen)
        {
            _parked.Add(step);
            return false;
        }

        return true;
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever a step throws ends the schedule, and is told with its seed.")]
    public void Run(SendOrPostCallback act, object? state)
    {
        SynchronizationContext.SetSynchronizationContext(_context);
        try
        {
            act(state);
        }
        catch (Exception problem)
        {
            _scheduler.Problem ??= problem;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(null);
        }
    }

    public void FireTimer() => Clock.FireNext();

    public void Freeze() => IsFrozen = true;

    /// <summary>Frozen, and its monotonic clock stands still.</summary>
    public void Suspend()
    {
        (_suspended, IsFrozen) = (true, true);
        Clock.Stop();
    }

    public void GoOn()
    {
        if (_suspended)
        {
            Clock.GoOn();
        }

        (IsFrozen, _suspended) = (false, false);
        _parked.ForEach(_scheduler.Ready);
        _parked.Clear();
    }

    public void Crash()
    {
        GoOn();
        IsUp = false;
        Life++;
        Clock.Forget();
        Died?.Invoke();
    }

    public void Restart()
    {
        IsUp = true;
        _context = new Context(this, Life);
    }

    /// <summary>Where continuations go that began in one life of the process.</summary>
    private sealed class Context(Machine machine, int life) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => machine.Post(life, d, state);

        public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException();

        public override SynchronizationContext CreateCopy() => this;
    }
}
