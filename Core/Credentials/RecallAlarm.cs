using ControlPlane.Entities;
using ControlPlane.Records;

namespace ControlPlane.Credentials;

/// <summary>The alarm of a revocation or rotation: durable before the save that it is for, so that whoever is to be told is told also after a crash, and the audit log too.</summary>
internal sealed class RecallAlarm(IEntityHost host)
{
    /// <summary>Before a save: sets the alarm, if this save is the one that takes away.</summary>
    public Task SetAsync(Stored<CredentialState> next) =>
        next.State is { } state && state.TakenAs == next.Version && (!state.Readers.ToTell.IsEmpty || state.ToAudit is not null)
            ? host.WakeAtAsync(host.Time.GetUtcNow() + Alarm.GoOnAfter)
            : Task.CompletedTask;
}
