using System.CommandLine;
using ControlPlane.Commands;
using ControlPlane.Output;
using ControlPlane.Users;

namespace ControlPlane.Auth;

/// <summary>Makes a token of your own. In text the secret alone is standard output, as with keys.</summary>
internal sealed class CreateTokenCommand : ArchalCommand
{
    private readonly Argument<string> _label = new("label") { Description = "What the token is for." };

    private readonly Option<int?> _expiresIn = new("--expires-in")
    {
        Description = "Seconds until the token stops working by itself. Default: never.",
        HelpName = "seconds",
    };

    public CreateTokenCommand(TimeProvider time)
        : base(
            "create",
            "Make a token of your own. Its secret is shown once, here.",
            time,
            "archal token create laptop",
            "archal token create laptop --expires-in 86400 --json")
    {
        Arguments.Add(_label);
        Options.Add(_expiresIn);
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var token = await invocation.Server.PostAsync(
            "/api/me/tokens",
            new CreateTokenRequest { Label = invocation.Parsed.GetRequiredValue(_label), ExpiresInSeconds = invocation.Parsed.GetValue(_expiresIn) },
            ContractsJson.Default.CreateTokenRequest,
            ContractsJson.Default.PersonalToken,
            cancellationToken);
        if (invocation.WantsJson)
        {
            Screen.WriteJson(token, ContractsJson.Default.PersonalToken);
            return ExitCodes.Good;
        }

        var end = token.ExpiresAt is { } moment ? $"expires {Durations.Text(moment)}" : "does not expire";
        Screen.WriteSecret(
            token.Secret,
            $"The server made token {token.Id} but did not tell its secret. Revoke it.",
            $"Token {token.Id} ({token.Label}) {end}. The secret is not shown again.");
        return ExitCodes.Good;
    }
}
