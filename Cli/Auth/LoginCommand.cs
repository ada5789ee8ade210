using System.CommandLine;
using ControlPlane.Commands;
using ControlPlane.Output;

namespace ControlPlane.Auth;

/// <summary>Stores a token, once the server has said that it is good.</summary>
internal sealed class LoginCommand : ArchalCommand
{
    // Far above any token: what is piped in by mistake is not read to its end.
    private const int LongestLine = 4096;

    private readonly Option<string> _token = new("--token")
    {
        Description = "The token, or - to read it from standard input, where no process list shows it.",
        HelpName = "T|-",
        Required = true,
    };

    public LoginCommand(TimeProvider time)
        : base(
            "login",
            "Store a token for later commands, after the server has accepted it.",
            time,
            "archal login --token - < token.txt",
            "archal login --token -        (at a terminal: asks for it)")
    {
        Options.Add(_token);
    }

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var given = invocation.Parsed.GetRequiredValue(_token);
        var token = Credentials.Checked((given == "-" ? ReadToken() : given).Trim(), "That is not a token");
        var me = await invocation.ServerFor(token).GetAsync("/auth/me", ContractsJson.Default.AuthMe, cancellationToken);
        invocation.Credentials.Store(token);

        Screen.WriteLine($"Logged in as {me.Email ?? me.UserId}, workspace {me.WorkspaceId} ({me.CredentialKind}).");
        if (ArchalVariables.Read(ArchalVariables.Token) is not null)
        {
            Screen.WriteRemark("ARCHAL_TOKEN is set and goes before what was stored.");
        }

        return ExitCodes.Good;
    }

    private static string ReadToken()
    {
        if (!Console.IsInputRedirected)
        {
            return HiddenPrompt.Ask("Token: ");
        }

        var buffer = new char[LongestLine];
        var length = Console.In.ReadBlock(buffer);
        return new string(buffer, 0, length);
    }
}
