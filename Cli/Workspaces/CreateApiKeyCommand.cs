using System.CommandLine;
using ControlPlane.Commands;
using ControlPlane.Output;

namespace ControlPlane.Workspaces;

/// <summary>
/// Makes a key. In text the secret alone is standard output, so that <c>KEY=$(archal workspace api-key create ci)</c> works and what a
/// person needs to know is still seen.
/// </summary>
internal sealed class CreateApiKeyCommand : ArchalCommand
{
    private readonly Argument<string> _label = new("label") { Description = "What the key is for." };

    private readonly Option<string[]> _scopes = new("--scope")
    {
        Description = "sessions:read, sessions:write or workspaces:read; several may follow. Default: all three. For one session alone: sessions:write!session=<id>.",
        HelpName = "scope",
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<int?> _expiresIn = new("--expires-in")
    {
        Description = "Seconds until the key stops working by itself. Default: never.",
        HelpName = "seconds",
    };

    public CreateApiKeyCommand(TimeProvider time)
        : base(
            "create",
            "Make a key. Its secret is shown once, here.",
            time,
            "archal workspace api-key create ci",
            "archal workspace api-key create ci --scope sessions:read sessions:write --expires-in 86400 --json")
    {
        Arguments.Add(_label);
        Options.Add(_scopes);
        Options.Add(_expiresIn);
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var request = new CreateApiKeyRequest
        {
            Label = invocation.Parsed.GetRequiredValue(_label),
            Scopes = invocation.Parsed.GetValue(_scopes) is { Length: > 0 } scopes ? scopes : null,
            ExpiresInSeconds = invocation.Parsed.GetValue(_expiresIn),
        };
        var workspace = await ApiKeyPaths.WorkspaceAsync(invocation, cancellationToken);
        var key = await invocation.Server.PostAsync(
            ApiKeyPaths.All(workspace),
            request,
            ContractsJson.Default.CreateApiKeyRequest,
            ContractsJson.Default.ApiKey,
            cancellationToken);

        if (invocation.WantsJson)
        {
            Screen.WriteJson(key, ContractsJson.Default.ApiKey);
            return ExitCodes.Good;
        }

        var end = key.ExpiresAt is { } moment ? $"expires {Durations.Text(moment)}" : "does not expire";
        Screen.WriteSecret(
            key.Secret,
            $"The server made key {key.Id} but did not tell its secret. Revoke it.",
            $"Key {key.Id} ({key.Label}): {string.Join(", ", key.Scopes)}; {end}. The secret is not shown again.");
        return ExitCodes.Good;
    }
}
