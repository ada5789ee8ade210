using System.Text.Json.Serialization;
using ControlPlane.Audit;
using ControlPlane.Authorization;
using ControlPlane.Errors;
using ControlPlane.Invitations;
using ControlPlane.Records;

namespace ControlPlane.Workspaces;

/// <summary>An invitation that is still to be made; saved with the workspace's own change.</summary>
public sealed record InvitationToMake(string Id, NewInvitation Invitation);

/// <summary>An invitation that nobody has taken yet: what is not on the workspace's list lets nobody in.</summary>
/// <param name="Id">The digest of its code.</param>
/// <param name="InvitedBy">A user's id.</param>
/// <param name="Void">It was withdrawn and lets nobody in; it stays on the list until the invitation itself knows. Absent where false: there are many, in one record.</param>
public sealed record OpenInvitation(
    string Id, Role Role, string InvitedBy, DateTimeOffset ExpiresAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Void = false);

/// <summary>Who comes with an invitation.</summary>
/// <param name="InvitationId">The digest of its code.</param>
public sealed record JoiningMember(string InvitationId, string UserId, string? From);

/// <summary>
/// Who may invite whom, and what an invitation is worth when it is taken. It never is worth more than whoever made it may give at that
/// moment: an invitation must not outlive the right to invite. Pure.
/// </summary>
internal static class InvitationRules
{
    /// <summary>Expired ones are let go of a day later: the invitation itself says until when it can be taken.</summary>
    private static readonly TimeSpan KeptAfterEnd = TimeSpan.FromDays(1);

    /// <exception cref="ControlPlaneException">403, 404 or 429.</exception>
    public static Decision<WorkspaceState, WorkspaceState> Invite(
        WorkspaceState? state, string workspaceId, Caller caller, InvitationToMake made, WorkspaceOptions options, AuditEvent act)
    {
        if (state is null)
        {
            throw new ControlPlaneException(ErrorCode.NotFound, $"There is no workspace {workspaceId}.");
        }

        MemberRules.MayMake(state, caller, made.Invitation.Role);
        var open = state.Invited ?? [];
        if (open.Exists(other => other.Id == made.Id))
        {
            return Decision<WorkspaceState, WorkspaceState>.Keep(state);
        }

        open = open.RemoveAll(other => other.ExpiresAt + KeptAfterEnd <= act.At);
        if (open.Count >= options.MaxInvitations || state.Members.Count >= options.MaxMembers)
        {
            throw new ControlPlaneException(
                ErrorCode.QuotaExceeded,
                open.Count >= options.MaxInvitations
                    ? $"The workspace has {open.Count} open invitations, as many as it may. They close within two days."
                    : MemberRules.Full(options));
        }

        var invitation = made.Invitation;
        var next = state with
        {
            Invited = open.Add(new OpenInvitation(made.Id, invitation.Role, invitation.InvitedBy, invitation.ExpiresAt)),
            ToInvite = (state.ToInvite ?? []).Add(made),
        };
        next = next.By(act);
        return Decision<WorkspaceState, WorkspaceState>.Save(next, next);
    }

    /// <summary>Marks an invitation that nobody has taken. Null: there is none.</summary>
    /// <exception cref="ControlPlaneException">403.</exception>
    public static Decision<WorkspaceState, WorkspaceState?> Withdraw(WorkspaceState? state, Caller caller, string invitationId, AuditEvent act)
    {
        if (state is null)
        {
            return Decision<WorkspaceState, WorkspaceState?>.Keep(null);
        }

        MemberRules.MustAdminister(state, caller);
        if (state.Invited?.Find(open => open.Id == invitationId) is not { } invited)
        {
            return Decision<WorkspaceState, WorkspaceState?>.Keep(null);
        }

        MemberRules.MayMake(state, caller, invited.Role);
        if (invited.Void)
        {
            return Decision<WorkspaceState, WorkspaceState?>.Keep(state);
        }

        var next = (state with { Invited = state.Invited.Replace(invited, invited with { Void = true }) }).By(act);
        return Decision<WorkspaceState, WorkspaceState?>.Save(next, next);
    }

    /// <summary>Lets a user in, once for each invitation. Once more changes nothing, whatever became of the user meanwhile.</summary>
    /// <param name="actOf">The act of joining with a role, for the audit log.</param>
    public static Decision<WorkspaceState, (WorkspaceState? Saved, Refusal? Refusal)> Join(
        WorkspaceState? state, JoiningMember member, WorkspaceOptions options, Func<Role, AuditEvent> actOf)
    {
        if (state?.Invited?.Find(open => open.Id == member.InvitationId) is not { } invited)
        {
            return Decision<WorkspaceState, (WorkspaceState?, Refusal?)>.Keep((state, null));
        }

        var inviter = state.Members.TryGetValue(invited.InvitedBy, out var role) ? role : Role.Member;
        var left = state.Invited.Remove(invited) is { IsEmpty: false } others ? others : null;
        if (invited.Void || inviter == Role.Member || invited.Role < inviter)
        {
            return Decision<WorkspaceState, (WorkspaceState?, Refusal?)>.Keep((null, InvitationEntity.Unknown));
        }

        if (state.Members.ContainsKey(member.UserId))
        {
            // Nobody is raised by an invitation: that is for an administrator to say of this very member.
            var known = state with { Invited = left };
            return Decision<WorkspaceState, (WorkspaceState?, Refusal?)>.Save(known, (known, null));
        }

        if (state.Members.Count >= options.MaxMembers)
        {
            return Decision<WorkspaceState, (WorkspaceState?, Refusal?)>.Keep((null, new Refusal(ErrorCode.QuotaExceeded, MemberRules.Full(options))));
        }

        var next = (state with { Members = state.Members.SetItem(member.UserId, invited.Role), Invited = left }).By(actOf(invited.Role));
        return Decision<WorkspaceState, (WorkspaceState?, Refusal?)>.Save(next, (next, null));
    }
}
