using ControlPlane.Commands;
using ControlPlane.Output;
using ControlPlane.Users;

namespace ControlPlane.Auth;

/// <summary>Your own tokens and logins, without their secrets, which nobody has.</summary>
internal sealed class ListTokensCommand : ArchalCommand
{
    public ListTokensCommand(TimeProvider time)
        : base("list", "List your own tokens, and the devices that you let in.", time, "archal token list", "archal token list --json")
    {
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var tokens = await invocation.Server.GetAsync("/api/me/tokens", ContractsJson.Default.PersonalTokenList, cancellationToken);
        if (invocation.WantsJson)
        {
            Screen.WriteJson(tokens, ContractsJson.Default.PersonalTokenList);
            return ExitCodes.Good;
        }

        var now = invocation.Time.GetUtcNow();
        var table = new Table("ID", "KIND", "LABEL", "STATE", "CREATED", "LAST USED", "EXPIRES");
        foreach (var token in tokens.Tokens)
        {
            table.Add(
                token.Id, token.Kind ?? "personal", token.Label, StateOf(token, now), Durations.Text(token.CreatedAt), Durations.Text(token.LastUsedAt),
                Durations.Text(token.ExpiresAt));
        }

        table.Write();
        return ExitCodes.Good;
    }

    private static string StateOf(PersonalToken token, DateTimeOffset now) =>
        token.RevokedAt is not null ? "revoked" : token.ExpiresAt <= now ? "expired" : "active";
}
