namespace ControlPlane.Entities;

/// <summary>One entity's alarm, set no more often than needed and never moved behind a time that a save under way relies on.</summary>
public sealed class Alarm(IEntityHost host)
{
    /// <summary>How soon another activation goes on with what this one leaves undone.</summary>
    public static readonly TimeSpan GoOnAfter = TimeSpan.FromSeconds(30);

    /// <summary>How soon an activation is woken after its first save. What another has set meanwhile may have been nearer, and was replaced.</summary>
    private static readonly TimeSpan FirstWithin = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private DateTimeOffset? _set;

    // The earliest time to come that a save has relied on since the last reset, also when nothing had to be set for it.
    private DateTimeOffset? _asked;

    /// <summary>Before a save: when it is durable, the entity is woken by this time at the latest.</summary>
    /// <param name="anew">
    /// Whether to set one also where an earlier one seems to be set: another activation, which shares it, may have found nothing left to do
    /// since, and have cleared it.
    /// </param>
    public Task EnsureByAsync(DateTimeOffset? due, bool anew = false) => InTurnAsync(async () =>
    {
        if (due is { } time)
        {
            var now = host.Time.GetUtcNow();
            _asked = _asked > now && _asked < time ? _asked : time;

            // One that has passed was for a wake of another activation, which has set the next as it saw fit: like one that was never set here,
            // it may be nearer than what this save asks for, and it still counts if this save fails.
            if (anew || !(_set > now && _set <= time))
            {
                var soon = now + FirstWithin;
                var at = !(_set > now) && soon < time ? soon : time;
                await host.WakeAtAsync(at);
                _set = at;
            }
        }
    });

    /// <summary>At the end of a wake: the next time, or an earlier one that a save has asked for meanwhile. Null: none is needed.</summary>
    public Task ResetAsync(DateTimeOffset? due) => InTurnAsync(async () =>
    {
        var asked = _asked > host.Time.GetUtcNow() ? _asked : null;
        var next = asked is null || due < asked ? due : asked;
        await host.WakeAtAsync(next);
        (_set, _asked) = (next, null);
    });

    private async Task InTurnAsync(Func<Task> set)
    {
        await _turn.WaitAsync();
        try
        {
            await set();
        }
        finally
        {
            _turn.Release();
        }
    }
}
