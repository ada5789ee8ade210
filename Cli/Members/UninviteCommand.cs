using System.CommandLine;
using ControlPlane.Commands;
using ControlPlane.Output;

namespace ControlPlane.Members;

/// <summary>Withdraws an invitation, or all of one address. When this returns, nobody joins with them any more.</summary>
internal sealed class UninviteCommand : ArchalCommand
{
    private readonly Argument<string> _who = new("email-or-id")
    {
        Description = "Whom the invitation is for, or its id, as 'archal member invitations' shows them.",
    };

    public UninviteCommand(TimeProvider time)
        : base("uninvite", "Withdraw an invitation that nobody has taken. Its code is refused by the time this returns.", time,
            "archal member uninvite ada@example.com")
    {
        Arguments.Add(_who);
    }

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var who = invocation.Parsed.GetRequiredValue(_who);
        foreach (var id in who.Contains('@') ? await IdsAsync(invocation, who, cancellationToken) : [who])
        {
            await invocation.Server.DeleteAsync(await MemberPaths.InvitationAsync(invocation, id, cancellationToken), cancellationToken);
            Screen.WriteLine($"Withdrew {id}.");
        }

        return ExitCodes.Good;
    }

    private static async Task<IReadOnlyList<string>> IdsAsync(Invocation invocation, string email, CancellationToken cancellationToken)
    {
        var open = await invocation.Server.GetAsync(
            await MemberPaths.InvitationsAsync(invocation, cancellationToken), ContractsJson.Default.WorkspaceInvitationList, cancellationToken);
        var ids = open.Invitations.Where(one => one.Email.Equals(email, StringComparison.OrdinalIgnoreCase)).Select(one => one.Id).ToList();
        return ids is [] ? throw new CommandFailure($"There is no open invitation for {email}. See those that are: archal member invitations") : ids;
    }
}
