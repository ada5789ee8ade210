namespace ControlPlane.Hosting;

/// <summary>
/// Ends the calls that still run in an activation that is to go, as all do whose directory was on a silo that died. The engine waits for them, and
/// keeps back what is asked of the entity meanwhile, also what they wait for: a recall would wait for a renewal, that renewal for the recall to
/// end, and the lease would run out. Whoever called asks again at the entity's next place.
/// </summary>
public sealed class Departure(ILocalActivationStatusChecker activations)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    /// <summary>Answers when the call has ended. What it does goes on when it is left: every command may be repeated while it runs.</summary>
    /// <exception cref="SiloUnavailableException">The activation is to go; for the caller the call was lost with its silo.</exception>
    public async Task EndedAsync(GrainId id, Task call)
    {
        while (!call.IsCompleted)
        {
            using var over = new CancellationTokenSource();
            await Task.WhenAny(call, Task.Delay(LookEvery, TimeProvider.System, over.Token));
            await over.CancelAsync();
            if (!call.IsCompleted && !activations.IsLocallyActivated(id))
            {
                _ = call.ContinueWith(static left => left.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
                throw new SiloUnavailableException("The activation is to go, and does not wait for the calls that run in it.");
            }
        }

        await call;
    }
}
