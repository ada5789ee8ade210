using System.Diagnostics;

namespace ControlPlane;

/// <summary>The built program as a process of its own, with an environment in which nothing of the machine's is left.</summary>
internal sealed class Archal : IDisposable
{
    // Far above what any command takes; only a hang reaches it.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<string> _errors;

    private Archal(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "archal");

    public StreamWriter Input => _process.StandardInput;

    /// <param name="command">The program with its arguments, or something that starts it.</param>
    public static Archal Start(IReadOnlyList<string> command, IReadOnlyDictionary<string, string?> environment)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var inherited in start.Environment.Keys.Where(IsOfTheProduct).ToArray())
        {
            start.Environment.Remove(inherited);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new(Process.Start(start)!);
    }

    public async Task<string> ReadLineAsync()
    {
        var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(Limit);
        return line ?? throw new InvalidOperationException($"The program ended: {await _errors}");
    }

    /// <summary>Whatever is written next, whole lines or not.</summary>
    public async Task<string> ReadSomeAsync()
    {
        var buffer = new char[4096];
        var read = await _process.StandardOutput.ReadAsync(buffer).AsTask().WaitAsync(Limit);
        return read > 0 ? new(buffer, 0, read) : throw new InvalidOperationException($"The program ended: {await _errors}");
    }

    /// <summary>As a person would from another terminal.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public async Task<Outcome> EndAsync()
    {
        var output = _process.StandardOutput.ReadToEndAsync();
        await _process.WaitForExitAsync().WaitAsync(Limit);
        return new(_process.ExitCode, await output.WaitAsync(Limit), await _errors.WaitAsync(Limit));
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static bool IsOfTheProduct(string name) =>
        name.StartsWith("ARCHAL_", StringComparison.Ordinal) || name.StartsWith("AGENT_", StringComparison.Ordinal) || name == "NO_COLOR";
}
