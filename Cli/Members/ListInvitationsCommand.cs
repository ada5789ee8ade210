using ControlPlane.Commands;
using ControlPlane.Output;

namespace ControlPlane.Members;

/// <summary>Who was invited and has not come yet.</summary>
internal sealed class ListInvitationsCommand : ArchalCommand
{
    public ListInvitationsCommand(TimeProvider time)
        : base("invitations", "List the invitations that nobody has taken yet.", time, "archal member invitations", "archal member invitations --json")
    {
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var path = await MemberPaths.InvitationsAsync(invocation, cancellationToken);
        var open = await invocation.Server.GetAsync(path, ContractsJson.Default.WorkspaceInvitationList, cancellationToken);
        if (invocation.WantsJson)
        {
            Screen.WriteJson(open, ContractsJson.Default.WorkspaceInvitationList);
            return ExitCodes.Good;
        }

        var table = new Table("EMAIL", "ROLE", "INVITED BY", "EXPIRES", "ID");
        foreach (var invitation in open.Invitations)
        {
            table.Add(invitation.Email, invitation.Role, invitation.InvitedBy, Durations.Text(invitation.ExpiresAt), invitation.Id);
        }

        table.Write();
        return ExitCodes.Good;
    }
}
