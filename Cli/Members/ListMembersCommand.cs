using ControlPlane.Commands;
using ControlPlane.Output;

namespace ControlPlane.Members;

/// <summary>Who is in the workspace, and as what.</summary>
internal sealed class ListMembersCommand : ArchalCommand
{
    public ListMembersCommand(TimeProvider time)
        : base("list", "List the members of a workspace.", time, "archal member list", "archal member list --json")
    {
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var path = await MemberPaths.AllAsync(invocation, cancellationToken);
        var members = await invocation.Server.GetAsync(path, ContractsJson.Default.MemberList, cancellationToken);
        if (invocation.WantsJson)
        {
            Screen.WriteJson(members, ContractsJson.Default.MemberList);
            return ExitCodes.Good;
        }

        var table = new Table("ID", "ROLE", "EMAIL");
        foreach (var member in members.Members)
        {
            table.Add(member.Id, member.Role, member.Email ?? "-");
        }

        table.Write();
        return ExitCodes.Good;
    }
}
