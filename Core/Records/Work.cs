using System.Diagnostics.CodeAnalysis;

namespace ControlPlane.Records;

/// <summary>
/// Runs what must follow a change: each effect beside the others, again and again until it is done, once per activation at a time. An effect
/// is saved with its change and removed with what came of it, so the next activation goes on where a crash left off.
/// </summary>
/// <param name="runAsync">Does it, and gives the change that records its outcome. It may run more than once.</param>
/// <param name="saveAsync">Saves that change and removes the effect, in one save.</param>
/// <param name="random">Spreads the retries apart.</param>
/// <param name="lastRetry">The longest pause before a retry; 10 s unless said.</param>
public sealed class Work<TEffect, TOutcome>(
    TimeProvider time, Func<TEffect, CancellationToken, Task<TOutcome>> runAsync, Func<TEffect, TOutcome, Task> saveAsync, Random random, TimeSpan? lastRetry = null)
    where TEffect : notnull
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);

    /// <summary>How long one try may take before it counts as failed.</summary>
    private static readonly TimeSpan OneTry = TimeSpan.FromSeconds(10);

    private readonly TimeSpan _lastRetry = lastRetry ?? TimeSpan.FromSeconds(10);
    private readonly Lock _gate = new();

    // Under the gate; null when nothing runs, which for nearly every entity is nearly always.
    private Dictionary<TEffect, Task>? _running;

    /// <summary>Starts what is pending and not running yet.</summary>
    public void Start(IEnumerable<TEffect> pending)
    {
        lock (_gate)
        {
            foreach (var effect in pending)
            {
                _running ??= [];
                if (!_running.ContainsKey(effect))
                {
                    _running[effect] = RunAsync(effect);
                }
            }
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever went wrong, an effect is repeated until it is done.")]
    private async Task RunAsync(TEffect effect)
    {
        await Task.Yield();
        for (var retry = FirstRetry; ; retry = retry * 2 < _lastRetry ? retry * 2 : _lastRetry)
        {
            try
            {
                using var limit = new CancellationTokenSource(OneTry, time);
                var outcome = await runAsync(effect, limit.Token).WaitAsync(limit.Token);
                await saveAsync(effect, outcome);
                break;
            }
            catch (Exception)
            {
                // Jitter keeps many entities that wait for one peer from coming back together.
                await Task.Delay(retry * (0.75 + (random.NextDouble() / 2)), time, CancellationToken.None);
            }
        }

        lock (_gate)
        {
            _running!.Remove(effect);
            _running = _running.Count == 0 ? null : _running;
        }
    }
}
