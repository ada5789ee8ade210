using System.ComponentModel.DataAnnotations;
using ControlPlane.Authorization;
using ControlPlane.Errors;
using ControlPlane.Workspaces;

namespace ControlPlane.Operations;

/// <summary>Who operates the installation, as opposed to a workspace in it.</summary>
public sealed class OperatorOptions
{
    public const string Section = "Admin";

    /// <summary>
    /// The workspace whose owners are operators: they see and do what concerns every workspace. Another one than the first lets an
    /// installation keep its operators apart from its first tenant. Default: <c>ws-default</c>, the workspace that it began with.
    /// </summary>
    [Required]
    public string Workspace { get; set; } = FirstWorkspace.Id;

    /// <summary>
    /// An owner of that workspace, with a user's token: a personal one, or the login of a device, which could make itself a personal one. A
    /// workspace's key never is one, of whatever workspace: it outlives the membership of whoever made it.
    /// </summary>
    /// <exception cref="ControlPlaneException">403 <c>role_missing</c>.</exception>
    public void MustOperate(Caller caller)
    {
        if (caller is not { UserId: not null, Role: Role.Owner } || caller.WorkspaceId != Workspace)
        {
            throw new ControlPlaneException(
                ErrorCode.RoleMissing,
                "This is for operators of the installation: with a user's token (personal, or of a login) of an owner of its first workspace, acting in that workspace.");
        }
    }
}
