using ControlPlane.Credentials;
using ControlPlane.Entities;
using ControlPlane.Records;
using ControlPlane.Storage;
using ControlPlane.Workspaces;

namespace ControlPlane.Setup;

/// <summary>
/// Makes the first workspace with its owner and the owner's token, once for each data directory. Cut at any point it goes on at the next
/// start: the token is in its file before its credential is made, and everything after is harmless when repeated.
/// </summary>
internal static class FirstStart
{
    private const string Log = "setup";
    private const string Workspace = "ws-default";
    private const string Owner = "usr-owner";

    public static async Task RunAsync(IEntities entities, ILog log, DataDirectory data, TimeProvider time, CancellationToken cancellationToken)
    {
        if ((await log.ReadAsync(Log, 1, 1, cancellationToken)).Count > 0)
        {
            return;
        }

        var token = OwnerToken.ReadOrWrite(data.OwnerToken);
        if (!Token.TryParse(token, out var kind, out var id))
        {
            throw new InvalidOperationException("A token that was just made can be read.");
        }

        var now = time.GetUtcNow();
        await entities.Workspace(Workspace).CreateAsync(new NewWorkspace("Default workspace", Owner, now), cancellationToken);
        await entities.User(Owner).JoinAsync(null, Workspace, cancellationToken);
        await entities.Credential(id).CreateAsync(
            new NewCredential(kind, Workspace, Owner, "Owner", ScopeRules.All, TokenDigest.Of(token), now, $"user:{Owner}", null), cancellationToken);
        await log.TryAppendAsync(Log, 1, ["done"], cancellationToken);
    }
}
