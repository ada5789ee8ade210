using System.CommandLine;
using ControlPlane.Commands;
using ControlPlane.Output;
using ControlPlane.Workspaces;

namespace ControlPlane.Members;

/// <summary>Changes a role. When this returns, a role that was lowered is lowered everywhere.</summary>
internal sealed class ChangeRoleCommand : ArchalCommand
{
    private readonly Argument<string> _user = new("user-id") { Description = "The user's id, as 'archal member list' shows it." };

    private readonly Argument<string> _role = new("role") { Description = "owner, admin or member." };

    public ChangeRoleCommand(TimeProvider time)
        : base("role", "Change a member's role.", time, "archal member role usr-7f3kq0c2m9ab admin")
    {
        Arguments.Add(_user);
        Arguments.Add(_role);
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var request = new ChangeMemberRequest { Role = RoleArgument.Checked(invocation.Parsed.GetRequiredValue(_role)) };
        var member = await invocation.Server.SendAsync(
            HttpMethod.Patch,
            await MemberPaths.OneAsync(invocation, invocation.Parsed.GetRequiredValue(_user), cancellationToken),
            request,
            ContractsJson.Default.ChangeMemberRequest,
            ContractsJson.Default.Member,
            cancellationToken);
        if (invocation.WantsJson)
        {
            Screen.WriteJson(member, ContractsJson.Default.Member);
        }
        else
        {
            Screen.WriteLine($"{member.Id} is {member.Role}.");
        }

        return ExitCodes.Good;
    }
}
