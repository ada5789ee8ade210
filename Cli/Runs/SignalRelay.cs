using System.Runtime.InteropServices;

namespace ControlPlane.Runs;

/// <summary>
/// Passes signals on to the child and keeps this program alive, since it has a session to stop. Before the child runs, the first signal
/// is remembered; a second one ends the program at once.
/// </summary>
internal sealed partial class SignalRelay
{
    // Held until the program ends, and never given back: a signal that came in the last moment would find nobody and change the exit code.
    private static readonly List<PosixSignalRegistration> Registrations = [];

    private readonly Lock _gate = new();
    private int? _child;
    private bool _isOver;

    public SignalRelay() => Registrations.AddRange(
    [
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => On(context, 1)),
        PosixSignalRegistration.Create(PosixSignal.SIGINT, context => On(context, 2)),
        PosixSignalRegistration.Create(PosixSignal.SIGQUIT, context => On(context, 3)),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => On(context, 15)),
    ]);

    /// <summary>The signal that came before there was a child; null when none did.</summary>
    public int? Early { get; private set; }

    /// <summary>Signals go to this process from now on; one that came while it was being started goes at once.</summary>
    public void SendTo(int processId)
    {
        lock (_gate)
        {
            _child = processId;
            if (Early is { } signal)
            {
                Send(processId, signal);
            }
        }
    }

    /// <summary>
    /// The child is gone, and its id may soon be another's. What still comes is swallowed: what is left to do is bounded in time.
    /// </summary>
    public void Finish()
    {
        lock (_gate)
        {
            _child = null;
            _isOver = true;
        }
    }

    private void On(PosixSignalContext context, int signal)
    {
        lock (_gate)
        {
            if (_child is { } child)
            {
                context.Cancel = true;
                if (!ControllingTerminal.HasTold(signal))
                {
                    Send(child, signal);
                }
            }
            else
            {
                context.Cancel = _isOver || Early is null;
                Early ??= signal;
            }
        }
    }

    // On Windows the console tells every process in it by itself.
    private static void Send(int processId, int signal)
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = Kill(processId, signal);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);
}
