using ControlPlane.Audit;
using ControlPlane.Authorization;
using ControlPlane.Errors;
using ControlPlane.Records;

namespace ControlPlane.Workspaces;

/// <summary>A change of a member that is saved, or was before: what to tell, and up to which save.</summary>
/// <param name="TakenAs">The save that took something away from the user; 0: nothing was.</param>
internal sealed record MemberChange(WorkspaceState State, long TakenAs);

/// <summary>
/// Who may change whose role, and what of that takes something away. Owners change everybody; administrators make administrators and
/// members, and change nobody above themselves. The caller's role is what is stored of it, never more than what let the request in.
/// </summary>
internal static class MemberRules
{
    /// <summary>Adds a member or changes its role. A role that is lowered is taken away, one that is raised is not. Null: no such member.</summary>
    /// <param name="addAfter">The removal after which a user who is no member becomes one; null: none does.</param>
    /// <exception cref="ControlPlaneException">403, 409 or 429.</exception>
    public static Decision<WorkspaceState, MemberChange?> Set(
        WorkspaceState? state, long version, Caller caller, string userId, Role role, long? addAfter, WorkspaceOptions options,
        AuditEvent act)
    {
        if (state is null)
        {
            return Decision<WorkspaceState, MemberChange?>.Keep(null);
        }

        var own = MustAdminister(state, caller);
        var held = state.Members.TryGetValue(userId, out var known) ? known : (Role?)null;
        if (held is null && addAfter != state.TakenAs(userId))
        {
            return Decision<WorkspaceState, MemberChange?>.Keep(null);
        }

        Reaches(own, role);
        Reaches(own, held ?? role);
        if (held == role)
        {
            return Decision<WorkspaceState, MemberChange?>.Keep(new MemberChange(state, state.TakenAs(userId)));
        }

        if (held is null && state.Members.Count >= options.MaxMembers)
        {
            throw new ControlPlaneException(ErrorCode.QuotaExceeded, Full(options));
        }

        if (held == Role.Owner)
        {
            MustLeaveAnOwner(state, userId);
        }

        var next = state with { Members = state.Members.SetItem(userId, role) };
        next = (role > held ? next.TakenFrom(userId, version) : next).By(act);
        return Decision<WorkspaceState, MemberChange?>.Save(next, new MemberChange(next, next.TakenAs(userId)));
    }

    /// <summary>Removes a member; once more it changes nothing. Null: there is none, and none was removed lately.</summary>
    /// <exception cref="ControlPlaneException">403 or 409.</exception>
    public static Decision<WorkspaceState, MemberChange?> Remove(
        WorkspaceState? state, long version, Caller caller, string userId, AuditEvent act)
    {
        if (state is null)
        {
            return Decision<WorkspaceState, MemberChange?>.Keep(null);
        }

        var own = MustAdminister(state, caller);
        if (!state.Members.TryGetValue(userId, out var held))
        {
            var takenAs = state.TakenAs(userId);
            return Decision<WorkspaceState, MemberChange?>.Keep(takenAs == 0 ? null : new MemberChange(state, takenAs));
        }

        Reaches(own, held);
        if (held == Role.Owner)
        {
            MustLeaveAnOwner(state, userId);
        }

        var next = (state with { Members = state.Members.Remove(userId) }).TakenFrom(userId, version).By(act);
        return Decision<WorkspaceState, MemberChange?>.Save(next, new MemberChange(next, version));
    }

    /// <summary>Whether the caller may make somebody a member with this role.</summary>
    /// <exception cref="ControlPlaneException">403.</exception>
    public static void MayMake(WorkspaceState state, Caller caller, Role role) => Reaches(MustAdminister(state, caller), role);

    public static string Full(WorkspaceOptions options) => $"The workspace has {options.MaxMembers} members, as many as it may. Remove one first.";

    /// <summary>The caller's role by what is stored: one who was removed or lowered a moment ago changes nothing any more.</summary>
    /// <exception cref="ControlPlaneException">403.</exception>
    public static Role MustAdminister(WorkspaceState state, Caller caller)
    {
        caller.MustAdminister();
        var stored = caller.UserId is { } user && state.Members.TryGetValue(user, out var role) ? role : (Role?)null;
        (caller with { Role = stored > caller.Role || stored is null ? stored : caller.Role }).MustAdminister();
        return stored > caller.Role ? stored.Value : caller.Role!.Value;
    }

    private static void Reaches(Role own, Role role)
    {
        if (role < own)
        {
            throw new ControlPlaneException(ErrorCode.RoleMissing, "Only an owner makes, changes or removes an owner.");
        }
    }

    private static void MustLeaveAnOwner(WorkspaceState state, string userId)
    {
        if (!state.Members.Any(other => other.Value == Role.Owner && other.Key != userId))
        {
            throw new ControlPlaneException(ErrorCode.LastOwner, "It is the workspace's last owner. Make somebody else an owner first.");
        }
    }
}
