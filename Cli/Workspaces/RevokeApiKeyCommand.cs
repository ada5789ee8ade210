using System.CommandLine;
using ControlPlane.Commands;
using ControlPlane.Server;

namespace ControlPlane.Workspaces;

/// <summary>Ends a key. When this returns, no request with it is admitted anywhere.</summary>
internal sealed class RevokeApiKeyCommand : ArchalCommand
{
    private readonly Argument<string> _key = new("key-id") { Description = "The key's id, as 'archal workspace api-keys' shows it." };

    public RevokeApiKeyCommand(TimeProvider time)
        : base(
            "revoke",
            "End a key. It is refused everywhere by the time this returns.",
            time,
            "archal workspace api-key revoke 7f3kq0c2m9ab")
    {
        Arguments.Add(_key);
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var key = invocation.Parsed.GetRequiredValue(_key);
        var workspace = await ApiKeyPaths.WorkspaceAsync(invocation, cancellationToken);
        var report = await invocation.Server.DeleteAsync(ApiKeyPaths.One(workspace, key), cancellationToken);
        return new TakenAway(key, report).Show("Revoked", invocation.WantsJson);
    }
}
