using System.CommandLine;
using System.CommandLine.Help;
using ControlPlane.AgentTraces;
using ControlPlane.Audit;
using ControlPlane.Auth;
using ControlPlane.Completion;
using ControlPlane.Config;
using ControlPlane.Inspection;
using ControlPlane.Members;
using ControlPlane.Operations;
using ControlPlane.Runs;
using ControlPlane.Sessions;
using ControlPlane.Usage;
using ControlPlane.Workspaces;

namespace ControlPlane.Commands;

/// <summary>Every command of the program, as a tree.</summary>
internal static class ArchalCommands
{
    public static RootCommand Root(TimeProvider time)
    {
        var root = new RootCommand("Start clone sessions, run agents against them, and manage the keys that open them.")
        {
            new LoginCommand(time),
            new LogoutCommand(time),
            new WhoamiCommand(time),
            new Command("device", "Let devices in that show a code.")
            {
                DeviceDecisionCommand.Approve(time),
                DeviceDecisionCommand.Deny(time),
            },
            new ConfigCommand(time),
            new Command("token", "Your own tokens, which are not a workspace's keys.")
            {
                new CreateTokenCommand(time),
                new ListTokensCommand(time),
                new RevokeTokenCommand(time),
                new NewTokenCommand(time),
            },
            new Command("member", "Invite people into a workspace, and say what they may do there.")
            {
                new ListMembersCommand(time),
                new InviteMemberCommand(time),
                new ListInvitationsCommand(time),
                new UninviteCommand(time),
                new AcceptInvitationCommand(time),
                new ChangeRoleCommand(time),
                new RemoveMemberCommand(time),
            },
            new Command("workspace", "Make and administer workspaces.")
            {
                new CreateWorkspaceCommand(time),
                new ListWorkspacesCommand(time),
                new UseWorkspaceCommand(time),
                new RenameWorkspaceCommand(time),
                new Command("api-key", "Make, rotate and revoke keys of a workspace.")
                {
                    new CreateApiKeyCommand(time),
                    new RotateApiKeyCommand(time),
                    new RevokeApiKeyCommand(time),
                },
                new ListApiKeysCommand(time),
            },
            new CloneCommand(time),
            new RunCommand(time),
            new TraceCommand(time),
            new InspectCommand(time),
            new AuditCommand(time),
            new UsageCommand(time),
            new AdminCommand(time),
            new CompletionCommand(time),
            CommonOptions.Workspace,
            CommonOptions.Profile,
            CommonOptions.Insecure,
            CommonOptions.Verbose,
        };

        var help = root.Options.OfType<HelpOption>().Single();
        var helpWithExamples = new HelpWithExamples((HelpAction)help.Action!); // The option comes with its action.
        help.Action = helpWithExamples;
        root.SetAction(helpWithExamples.Invoke);
        return root;
    }
}
