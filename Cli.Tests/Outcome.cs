using System.Text.Json;

namespace ControlPlane;

/// <summary>How a process ended and what it said.</summary>
public sealed record Outcome(int ExitCode, string Output, string Errors)
{
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public JsonElement Json() => JsonDocument.Parse(Output).RootElement;

    public override string ToString() => $"Exit code {ExitCode}\n--- output\n{Output}\n--- errors\n{Errors}";

    /// <summary>It succeeded; what went wrong is in the failure's text.</summary>
    public Outcome Good()
    {
        Assert.True(ExitCode == 0, ToString());
        return this;
    }

    /// <summary>It failed with this code, wrote no result, and said why in one line that holds all of this.</summary>
    public void Failed(int exitCode, params string[] reasons)
    {
        Assert.True(ExitCode == exitCode, ToString());
        Assert.Equal("", Output);
        var line = Assert.Single(Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("archal: ", line, StringComparison.Ordinal);
        Assert.All(reasons, reason => Assert.Contains(reason, line, StringComparison.Ordinal));
    }
}
