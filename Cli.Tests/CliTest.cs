using ControlPlane.Server;

namespace ControlPlane;

/// <summary>
/// A server, an empty home folder and a logged-in user. After each command it is checked that no token was shown: that is promised of
/// every command, so every test holds it.
/// </summary>
public abstract class CliTest : IAsyncLifetime
{
    private protected ContractServer Server { get; } = new();

    protected string Home { get; } = Path.Combine(Path.GetTempPath(), $"archal-test-{Guid.NewGuid():n}");

    protected string CredentialsPath => Path.Combine(Home, "credentials.json");

    protected Dictionary<string, string?> Variables { get; } = [];

    public async Task InitializeAsync()
    {
        await Server.StartAsync();
        Directory.CreateDirectory(Home, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Variables["ARCHAL_API_URL"] = Server.Address;
        Variables["ARCHAL_HOME"] = Home;
        Variables.TryAdd("ARCHAL_TOKEN", Server.UserToken);
    }

    public async Task DisposeAsync()
    {
        await Server.DisposeAsync();
        Directory.Delete(Home, recursive: true);
    }

    protected Task<Outcome> RunAsync(params string[] arguments) => RunAsync(arguments, input: "");

    protected async Task<Outcome> RunAsync(string[] arguments, string input)
    {
        using var archal = Start(arguments);
        await archal.Input.WriteAsync(input);
        archal.Input.Close();
        return Checked(await archal.EndAsync());
    }

    private protected Archal Start(params string[] arguments) => Archal.Start([Archal.Path, .. arguments], Variables);

    /// <summary>In a session of its own: no terminal that the tests were started from has a say.</summary>
    // Whoever started the tests may ignore signals, and that is inherited: what is tested here is what a program does that does not.
    private protected Archal StartDetached(params string[] arguments) =>
        Archal.Start(["setsid", "env", "--default-signal", Archal.Path, .. arguments], Variables);

    /// <summary>On a terminal of its own, which echoes what is typed and turns <c>\x03</c> into Ctrl-C.</summary>
    /// <param name="commandLine">For a shell; the program is in <c>$ARCHAL</c>.</param>
    private protected Archal StartAtTerminal(string commandLine)
    {
        var variables = new Dictionary<string, string?>(Variables)
        {
            ["ARCHAL"] = Archal.Path,
            ["SHELL"] = "/bin/sh",
            ["TERM"] = "xterm-256color",
        };
        return Archal.Start(["env", "--default-signal", "script", "-qec", $"exec \"$ARCHAL\" {commandLine}", "/dev/null"], variables);
    }

    protected Outcome Checked(Outcome outcome)
    {
        Assert.All(Server.AllTokens, token => Assert.DoesNotContain(token, outcome.Output + outcome.Errors, StringComparison.Ordinal));
        Assert.DoesNotContain('\e', outcome.Output + outcome.Errors);
        return outcome;
    }

    protected void LogInByFile(string token) => File.WriteAllText(CredentialsPath, $$"""{"token":"{{token}}"}""");
}
