using ControlPlane.Commands;
using ControlPlane.Output;

namespace ControlPlane.Auth;

/// <summary>Whom the server takes the caller's token for.</summary>
internal sealed class WhoamiCommand : ArchalCommand
{
    public WhoamiCommand(TimeProvider time)
        : base("whoami", "Show whose token is in use, and what it may do.", time, "archal whoami", "archal whoami --json")
    {
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var me = await invocation.Server.GetAsync("/auth/me", ContractsJson.Default.AuthMe, cancellationToken);
        if (invocation.WantsJson)
        {
            Screen.WriteJson(me, ContractsJson.Default.AuthMe);
            return ExitCodes.Good;
        }

        Screen.WriteLine($"User:       {(me.Email is null ? me.UserId : $"{me.Email} ({me.UserId})")}");
        Screen.WriteLine($"Workspace:  {me.WorkspaceId}{(me.Role is null ? "" : $" ({me.Role})")}");
        var expiry = me.ExpiresAt is { } end ? $"expires {Durations.Text(end)}" : "does not expire";
        Screen.WriteLine($"Credential: {me.CredentialKind}, {expiry}");
        Screen.WriteLine($"Scopes:     {string.Join(", ", me.Scopes)}");
        Screen.WriteLine($"Plan:       {me.Plan}");
        Screen.WriteLine($"Server:     {invocation.Server.Address}");
        return ExitCodes.Good;
    }
}
