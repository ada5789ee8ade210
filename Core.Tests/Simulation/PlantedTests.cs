using System.Reflection;

namespace ControlPlane.Simulation;

/// <summary>
/// The bugs that are planted to see whether the simulation finds them (<c>scripts/simulate planted</c>): each is a patch, and must still
/// fit Core as it is today.
/// </summary>
public sealed class PlantedTests
{
    private static readonly string Planted = Path.Combine(Root(), "Core.Tests", "Simulation", "Planted");

    public static TheoryData<string> Patches { get; } =
        [.. Directory.EnumerateFiles(Planted, "*.patch").Select(file => Path.GetFileName(file)).Order()];

    [Theory, MemberData(nameof(Patches))]
    public void A_planted_bug_says_what_it_breaks_and_fits_Core(string patch)
    {
        var lines = File.ReadAllLines(Path.Combine(Planted, patch));

        Assert.Matches(@"^# .+ \(.+\)\.$", lines[0]);
        var hunks = Hunks(lines).ToList();
        Assert.NotEmpty(hunks);
        Assert.All(hunks, hunk =>
        {
            var source = File.ReadAllText(Path.Combine(Root(), hunk.File));
            Assert.True(source.Contains(hunk.Before, StringComparison.Ordinal), $"{hunk.File} no longer has:\n{hunk.Before}");
            Assert.NotEqual(hunk.Before, hunk.After);
        });
    }

    /// <summary>Each hunk of a unified diff: the lines that it expects, and those that it puts there.</summary>
    private static IEnumerable<(string File, string Before, string After)> Hunks(IReadOnlyList<string> lines)
    {
        var file = "";
        for (var at = 1; at < lines.Count;)
        {
            if (lines[at].StartsWith("+++ b/", StringComparison.Ordinal))
            {
                file = lines[at]["+++ b/".Length..];
            }

            if (!lines[at++].StartsWith("@@", StringComparison.Ordinal))
            {
                continue;
            }

            var body = lines.Skip(at)
                .TakeWhile(line => line is [' ' or '+' or '-', ..] && !line.StartsWith("--- a/", StringComparison.Ordinal)).ToList();
            at += body.Count;
            yield return (file, Side(body, '+'), Side(body, '-'));
        }
    }

    private static string Side(IEnumerable<string> body, char without) =>
        string.Concat(body.Where(line => line[0] != without).Select(line => line[1..] + "\n"));

    private static string Root()
    {
        var folder = Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location);
        while (folder is not null && !File.Exists(Path.Combine(folder, "ControlPlane.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("The tests do not run inside of the house.");
    }
}
