using System.Diagnostics.CodeAnalysis;
using ControlPlane.Entities;
using ControlPlane.Records;

namespace ControlPlane.Credentials;

/// <summary>
/// The alarm of a revocation or rotation. It is set beside its save: one after the other would be two flushes of the store's log in the
/// way of each DELETE. It is asked for first. Should all that does it die between the two, nobody has been answered, and the next
/// activation tells: a gateway that has the fact reports its use, also of streams that run on it, every third of its lease.
/// </summary>
internal sealed class RecallAlarm(IEntityHost host, Record<CredentialState> record)
{
    /// <summary>How soon another activation goes on with telling readers when this one dies.</summary>
    public static readonly TimeSpan GoOnAfter = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    /// <summary>Before a save: sets the alarm, if this save is the one that takes away, and waits for nothing.</summary>
    public Task Begin(Stored<CredentialState> next)
    {
        if (next.State is { } state && state.TakenAs == next.Version && !state.Readers.ToTell.IsEmpty)
        {
            _ = SetAsync();
        }

        return Task.CompletedTask;
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever keeps it from being set, it is tried again while there is somebody to tell.")]
    private async Task SetAsync()
    {
        do
        {
            try
            {
                await host.WakeAtAsync(host.Time.GetUtcNow() + GoOnAfter);
                return;
            }
            catch (Exception)
            {
                await Task.Delay(Again, host.Time);
            }
        }
        while (record.Current?.State is { Readers.ToTell.IsEmpty: false });
    }
}
