using ControlPlane.Audit;
using ControlPlane.Authorization;
using ControlPlane.Entities;
using ControlPlane.Invitations;
using ControlPlane.Records;

namespace ControlPlane.Workspaces;

/// <summary>The invitations of a workspace that nobody has taken: which there are, and an end to one of them.</summary>
internal sealed class OpenInvitations(string workspaceId, IEntityHost host, Record<WorkspaceState> record, AuditTrail<WorkspaceState> audit)
{
    /// <summary>Those that can be taken, the latest first.</summary>
    public async Task<IReadOnlyList<InvitationView>> ListAsync(Caller caller, CancellationToken cancellationToken)
    {
        var state = (await record.ReadFreshAsync(cancellationToken)).State;
        if (state is null)
        {
            return [];
        }

        MemberRules.MustAdminister(state, caller);
        var now = host.Time.GetUtcNow();
        var open = (state.Invited ?? []).Where(invited => !invited.Void && invited.ExpiresAt > now);
        var views = await Task.WhenAll(open.Select(invited => host.Entities.Invitation(invited.Id).DescribeAsync(workspaceId, cancellationToken)));
        return [.. views.OfType<InvitationView>().OrderByDescending(view => view.CreatedAt).ThenBy(view => view.Id, StringComparer.Ordinal)];
    }

    /// <summary>
    /// Marks it, and then tells the invitation. The mark decides: a crash in between leaves it, and it refuses whoever comes until it goes with the
    /// expired ones. Only when the invitation knows is the mark let go of, and its place free.
    /// </summary>
    public async Task<bool> WithdrawAsync(Caller caller, string invitationId, CancellationToken cancellationToken)
    {
        caller.MustAdminister();
        var invitation = host.Entities.Invitation(invitationId);
        var known = await invitation.DescribeAsync(workspaceId, cancellationToken);
        var act = audit.Act(
            caller, AuditAction.MemberUninvite, invitationId, known is null ? null : $"{known.Role.ToString().ToLowerInvariant()} {known.Email}", workspaceId);
        var saved = await record.ChangeAsync((state, _) => InvitationRules.Withdraw(state, caller, invitationId, act), cancellationToken);
        if (saved is null)
        {
            return known is { Withdrawn: true };
        }

        if (await invitation.WithdrawAsync(cancellationToken))
        {
            await record.ChangeAsync(
                (state, _) => state?.Invited?.Find(open => open.Id == invitationId) is { Void: true } marked
                    ? Decision<WorkspaceState, bool>.Save(state with { Invited = state.Invited.Remove(marked) is { IsEmpty: false } left ? left : null }, true)
                    : Decision<WorkspaceState, bool>.Keep(true),
                cancellationToken);
        }

        await audit.WriteAsync(saved, cancellationToken);
        return true;
    }
}
