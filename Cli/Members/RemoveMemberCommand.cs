using System.CommandLine;
using ControlPlane.Commands;
using ControlPlane.Server;

namespace ControlPlane.Members;

/// <summary>Takes a member out. When this returns, none of its tokens is let into the workspace anywhere.</summary>
internal sealed class RemoveMemberCommand : ArchalCommand
{
    private readonly Argument<string> _id = new("user-id") { Description = "The user's id, as 'archal member list' shows it." };

    public RemoveMemberCommand(TimeProvider time)
        : base("remove", "Remove a member. Its tokens are refused here, everywhere, by the time this returns.", time, "archal member remove usr-7f3kq0c2m9ab")
    {
        Arguments.Add(_id);
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var id = invocation.Parsed.GetRequiredValue(_id);
        var report = await invocation.Server.DeleteAsync(await MemberPaths.OneAsync(invocation, id, cancellationToken), cancellationToken);
        return new TakenAway(id, report).Show("Removed", invocation.WantsJson);
    }
}
