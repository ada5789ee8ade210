using System.Diagnostics;
using System.Text.Json;
using ControlPlane.Running;

namespace ControlPlane.CommandLine;

/// <summary>The built command line, as one user of one program runs it: with a home of its own and nothing of the machine's.</summary>
internal sealed class Archal(Uri server) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly DataFolder _home = new();

    public string Home => _home.Path;

    /// <summary>Beside this project, built the same way.</summary>
    public static string Path { get; } = System.IO.Path.GetFullPath(
        System.IO.Path.Combine(
            AppContext.BaseDirectory, "../../../../Cli", System.IO.Path.GetRelativePath(
                System.IO.Path.Combine(AppContext.BaseDirectory, "../../.."), AppContext.BaseDirectory), "archal"));

    public Task<Outcome> RunAsync(params string[] arguments) => RunAsync("", [], arguments);

    public async Task<Outcome> RunAsync(string input, Dictionary<string, string> variables, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(IsOurs).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["ARCHAL_API_URL"] = server.GetLeftPart(UriPartial.Authority);
        start.Environment["ARCHAL_HOME"] = Home;
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException("It did not start.");
        using var limit = new CancellationTokenSource(Limit);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return new Outcome(process.ExitCode, await output, await errors);
    }

    public async Task LoginAsync(string token) => (await RunAsync(token + "\n", [], "login", "--token", "-")).Good();

    public void Dispose() => _home.Dispose();

    private static bool IsOurs(string name) =>
        name.StartsWith("ARCHAL_", StringComparison.Ordinal) || name.StartsWith("AGENT_", StringComparison.Ordinal) || name == "NO_COLOR";
}

/// <summary>How a command ended and what it said.</summary>
internal sealed record Outcome(int ExitCode, string Output, string Errors)
{
    public JsonElement Json() => JsonDocument.Parse(Output).RootElement;

    public Outcome Good()
    {
        Assert.True(ExitCode == 0, ToString());
        return this;
    }

    /// <summary>It failed with this code and said why in one line on standard error, and nothing on standard output.</summary>
    public void Failed(int exitCode, string reason)
    {
        Assert.True(ExitCode == exitCode, ToString());
        Assert.Equal("", Output);
        Assert.Contains(reason, Assert.Single(Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }
}
