using System.CommandLine;
using ControlPlane.Commands;
using ControlPlane.Invitations;
using ControlPlane.Output;

namespace ControlPlane.Members;

/// <summary>Makes an invitation. In text its code alone is standard output, so that it can be piped to where it is sent from.</summary>
internal sealed class InviteMemberCommand : ArchalCommand
{
    private readonly Argument<string> _email = new("email") { Description = "Whom the invitation is for. Nothing is sent there: you hand the code over." };

    private readonly Option<string> _role = new("--role") { Description = "owner, admin or member. Default: member.", HelpName = "role" };

    public InviteMemberCommand(TimeProvider time)
        : base(
            "invite",
            "Invite somebody. The code is shown once, here; it is good for one, for 24 hours.",
            time,
            "archal member invite ada@example.com",
            "archal member invite ada@example.com --role admin --json")
    {
        Arguments.Add(_email);
        Options.Add(_role);
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var request = new InviteMemberRequest { Email = invocation.Parsed.GetRequiredValue(_email), Role = RoleArgument.Checked(invocation.Parsed.GetValue(_role)) };
        var invited = await invocation.Server.PostAsync(
            await MemberPaths.AllAsync(invocation, cancellationToken),
            request,
            ContractsJson.Default.InviteMemberRequest,
            ContractsJson.Default.MemberInvitation,
            cancellationToken);
        if (invocation.WantsJson)
        {
            Screen.WriteJson(invited, ContractsJson.Default.MemberInvitation);
            return ExitCodes.Good;
        }

        Screen.WriteLine(invited.Invitation);
        Screen.WriteRemark(
            $"For {invited.Email} as {invited.Role}, until {Durations.Text(invited.ExpiresAt)}. The code is not shown again. "
            + "Whoever has it joins with: archal member accept -");
        return ExitCodes.Good;
    }
}
