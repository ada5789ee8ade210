using ControlPlane.Audit;
using ControlPlane.Entities;
using ControlPlane.Records;

namespace ControlPlane.Workspaces;

/// <summary>What follows a workspace's changes: keys and invitations are made, and the audit log is told. Each may run more than once.</summary>
internal sealed class WorkspaceFollowUp
{
    private readonly IEntityHost _host;
    private readonly Record<WorkspaceState> _record;
    private readonly Work<KeyToMake, bool> _keys;
    private readonly Work<InvitationToMake, bool> _invitations;

    public WorkspaceFollowUp(IEntityHost host, Record<WorkspaceState> record)
    {
        (_host, _record, Audit) = (host, record, new AuditTrail<WorkspaceState>(host, record));
        _keys = new Work<KeyToMake, bool>(host.Time, MakeAsync, (made, _) => RemoveAsync(made), host.Random);
        _invitations = new Work<InvitationToMake, bool>(host.Time, MakeAsync, (made, _) => RemoveAsync(made), host.Random);
    }

    public AuditTrail<WorkspaceState> Audit { get; }

    /// <summary>Whether something is left to do that a crash must not leave undone.</summary>
    public static bool HasLeft(WorkspaceState? state) => state is not null
        && (!state.ToMake.IsEmpty || state.ToInvite is not null || state.ToAudit is not null || state.Readers.ToTell.Exists(pair => pair.Part is not null));

    // The effects of a change, which its answer waits for. A crash in between leaves them in the record, for the next activation.
    public async Task DoAsync(KeyToMake made, CancellationToken cancellationToken)
    {
        await MakeAsync(made, cancellationToken);
        await RemoveAsync(made);
    }

    public async Task DoAsync(InvitationToMake made, CancellationToken cancellationToken)
    {
        await MakeAsync(made, cancellationToken);
        await RemoveAsync(made);
    }

    public void GoOn(WorkspaceState state)
    {
        _keys.Start(state.ToMake);
        _invitations.Start(state.ToInvite ?? []);
        Audit.GoOn(state);
    }

    private async Task<bool> MakeAsync(KeyToMake made, CancellationToken cancellationToken)
    {
        await _host.Entities.Credential(made.Id).CreateAsync(made.Key, cancellationToken);
        return true;
    }

    private async Task<bool> MakeAsync(InvitationToMake made, CancellationToken cancellationToken)
    {
        await _host.Entities.Invitation(made.Id).CreateAsync(made.Invitation, cancellationToken);
        return true;
    }

    private Task RemoveAsync(KeyToMake made) => _record.ChangeAsync(
        (state, _) => state is not null && state.ToMake.Exists(other => other.Id == made.Id)
            ? Decision<WorkspaceState, bool>.Save(state with { ToMake = state.ToMake.RemoveAll(other => other.Id == made.Id) }, true)
            : Decision<WorkspaceState, bool>.Keep(true));

    private Task RemoveAsync(InvitationToMake made) => _record.ChangeAsync(
        (state, _) => state?.ToInvite is { } waiting && waiting.Contains(made)
            ? Decision<WorkspaceState, bool>.Save(state with { ToInvite = waiting.Remove(made) is { IsEmpty: false } left ? left : null }, true)
            : Decision<WorkspaceState, bool>.Keep(true));
}
