using System.CommandLine;
using ControlPlane.Commands;
using ControlPlane.Server;

namespace ControlPlane.Auth;

/// <summary>Ends a token of your own, or the login of a device. When this returns, it is refused everywhere.</summary>
internal sealed class RevokeTokenCommand : ArchalCommand
{
    private readonly Argument<string> _id = new("token-id") { Description = "The token's id, as 'archal token list' shows it." };

    public RevokeTokenCommand(TimeProvider time)
        : base("revoke", "End a token of your own, or the login of a device. It is refused everywhere by the time this returns.", time, "archal token revoke 7f3kq0c2m9ab")
    {
        Arguments.Add(_id);
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var id = invocation.Parsed.GetRequiredValue(_id);
        var report = await invocation.Server.DeleteAsync($"/api/me/tokens/{UrlId.Checked(id, "token")}", cancellationToken);
        return new TakenAway(id, report).Show("Revoked", invocation.WantsJson);
    }
}
