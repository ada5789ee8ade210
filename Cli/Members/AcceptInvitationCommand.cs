using System.CommandLine;
using ControlPlane.Auth;
using ControlPlane.Commands;
using ControlPlane.Invitations;
using ControlPlane.Output;

namespace ControlPlane.Members;

/// <summary>
/// Joins a workspace. Whoever comes as a new user gets a first token: in text it alone is standard output, so that it can be piped into
/// <c>archal login --token -</c>.
/// </summary>
internal sealed class AcceptInvitationCommand : ArchalCommand
{
    private readonly Argument<string> _code = new("code") { Description = "The invitation, or - to read it from standard input, where no process list shows it." };

    private readonly Option<bool> _asMe = new("--as-me") { Description = "Join as the user who is logged in. Without it a new user is made, with a first token." };

    public AcceptInvitationCommand(TimeProvider time)
        : base(
            "accept",
            "Join a workspace with an invitation.",
            time,
            "archal member accept - < invitation.txt | archal login --token -",
            "archal member accept - --as-me < invitation.txt")
    {
        Arguments.Add(_code);
        Options.Add(_asMe);
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var given = invocation.Parsed.GetRequiredValue(_code);
        var server = invocation.Parsed.GetValue(_asMe) ? invocation.Server : invocation.AnonymousServer;
        var accepted = await server.PostAsync(
            "/auth/invitations/accept",
            new AcceptInvitationRequest { Invitation = (given == "-" ? StandardInput.ReadSecret("Invitation: ") : given).Trim() },
            ContractsJson.Default.AcceptInvitationRequest,
            ContractsJson.Default.AcceptedInvitation,
            cancellationToken);
        if (invocation.WantsJson)
        {
            Screen.WriteJson(accepted, ContractsJson.Default.AcceptedInvitation);
            return ExitCodes.Good;
        }

        var joined = $"{accepted.UserId} is in workspace {accepted.WorkspaceId} as {accepted.Role}";
        if (accepted.Token is not { } token)
        {
            Screen.WriteLine($"{joined}. Name it with --workspace {accepted.WorkspaceId}.");
            return ExitCodes.Good;
        }

        Screen.WriteSecret(
            token.Secret,
            "The server took the invitation but did not tell the token. Ask for another invitation.",
            $"{joined}. The token is not shown again: store it with archal login --token -");
        return ExitCodes.Good;
    }
}
