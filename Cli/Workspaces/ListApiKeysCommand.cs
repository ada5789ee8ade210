using ControlPlane.Commands;
using ControlPlane.Output;

namespace ControlPlane.Workspaces;

/// <summary>The workspace's keys, without their secrets, which nobody has.</summary>
internal sealed class ListApiKeysCommand : ArchalCommand
{
    public ListApiKeysCommand(TimeProvider time)
        : base("api-keys", "List the keys of a workspace.", time, "archal workspace api-keys", "archal workspace api-keys --json")
    {
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var workspace = await ApiKeyPaths.WorkspaceAsync(invocation, cancellationToken);
        var keys = await invocation.Server.GetAsync(ApiKeyPaths.All(workspace), ContractsJson.Default.ApiKeyList, cancellationToken);
        if (invocation.WantsJson)
        {
            Screen.WriteJson(keys, ContractsJson.Default.ApiKeyList);
            return ExitCodes.Good;
        }

        var now = invocation.Time.GetUtcNow();
        var table = new Table("ID", "LABEL", "STATE", "SCOPES", "CREATED", "LAST USED", "EXPIRES");
        foreach (var key in keys.ApiKeys)
        {
            table.Add(
                key.Id,
                key.Label,
                StateOf(key, now),
                string.Join(",", key.Scopes),
                Durations.Text(key.CreatedAt),
                Durations.Text(key.LastUsedAt),
                Durations.Text(key.ExpiresAt));
        }

        table.Write();
        return ExitCodes.Good;
    }

    private static string StateOf(ApiKey key, DateTimeOffset now) =>
        key.RevokedAt is not null ? "revoked" : key.ExpiresAt <= now ? "expired" : "active";
}
