using ControlPlane.Records;

namespace ControlPlane.Entities;

/// <summary>
/// Sees to it that what a record says is left to do is done also after a crash: an alarm is durable before the save that leaves something, and
/// a wake goes on with it for as long as something is left.
/// </summary>
/// <param name="hasLeft">Whether a state leaves something to do that a crash must not leave undone; of nothing: no.</param>
/// <param name="goOn">Starts what is left and not under way yet.</param>
internal sealed class Unfinished<T>(IEntityHost host, Record<T> record, Func<T?, bool> hasLeft, Action<Stored<T>> goOn) where T : class
{
    private readonly Alarm _alarm = new(host);

    /// <summary>To be awaited before each save: <see cref="Record{T}.BeforeSave"/>.</summary>
    public Task BeforeSaveAsync(Stored<T> next, CancellationToken cancellationToken) =>
        _alarm.EnsureByAsync(hasLeft(next.State) ? Due : null, anew: !hasLeft(record.Current?.State));

    /// <summary>The entity's alarm.</summary>
    public async Task WakeAsync(CancellationToken cancellationToken)
    {
        // What another activation has left undone is in the store alone. It shares the alarm too: what it saved while this one was being
        // cleared is seen by looking once more.
        if (!await GoOnAsync(cancellationToken))
        {
            await _alarm.ResetAsync(null);
            await GoOnAsync(cancellationToken);
        }
    }

    private DateTimeOffset Due => host.Time.GetUtcNow() + Alarm.GoOnAfter;

    private async Task<bool> GoOnAsync(CancellationToken cancellationToken)
    {
        var stored = await record.ReadFreshAsync(cancellationToken);
        if (!hasLeft(stored.State))
        {
            return false;
        }

        goOn(stored);
        await _alarm.ResetAsync(Due);
        return true;
    }
}
