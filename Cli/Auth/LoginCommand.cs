using System.CommandLine;
using ControlPlane.Commands;
using ControlPlane.Output;

namespace ControlPlane.Auth;

/// <summary>Stores a token for a profile, once the server has said that it is good: one that is given, or one of a device login.</summary>
internal sealed class LoginCommand : ArchalCommand
{
    private readonly Option<string?> _token = new("--token")
    {
        Description = "The token, or - to read it from standard input, where no process list shows it.",
        HelpName = "T|-",
    };

    private readonly Option<bool> _device = new("--device")
    {
        Description = "Show a code, and wait until somebody has let this device in elsewhere. The default at a terminal.",
    };

    private readonly Option<bool> _noBrowser = new("--no-browser") { Description = "Open no browser: only print the address and the code." };

    public LoginCommand(TimeProvider time)
        : base(
            "login",
            "Log in, and store the token for later commands.",
            time,
            "archal login                  (at a terminal: shows a code to enter at another machine)",
            "archal login --token - < token.txt",
            "archal login --device --no-browser --profile work")
    {
        Options.Add(_token);
        Options.Add(_device);
        Options.Add(_noBrowser);
    }

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var given = invocation.Parsed.GetValue(_token);
        var wantsDevice = invocation.Parsed.GetValue(_device) || invocation.Parsed.GetValue(_noBrowser);
        if (given is not null && wantsDevice)
        {
            throw CommandFailure.WrongUse("--token and --device are two ways to log in: choose one.");
        }

        if (given is null && !wantsDevice && (Console.IsInputRedirected || Console.IsErrorRedirected))
        {
            throw CommandFailure.WrongUse("There is no terminal here. Give --token - to read a token from standard input, or --device to wait for somebody elsewhere.");
        }

        var token = given is null
            ? await new DeviceLogin(invocation.AnonymousServer, invocation.Time).RunAsync(!invocation.Parsed.GetValue(_noBrowser), cancellationToken)
            : Credentials.Checked((given == "-" ? StandardInput.ReadSecret("Token: ") : given).Trim(), "That is not a token");
        var me = await invocation.ServerFor(token).GetAsync("/auth/me", ContractsJson.Default.AuthMe, cancellationToken);
        invocation.Credentials.Store(token);

        Screen.WriteLine($"Logged in as {me.Email ?? me.UserId}, workspace {me.WorkspaceId} ({me.CredentialKind}).");
        if (ArchalVariables.Read(ArchalVariables.Token) is not null)
        {
            Screen.WriteRemark("ARCHAL_TOKEN is set and goes before what was stored.");
        }

        return ExitCodes.Good;
    }
}
