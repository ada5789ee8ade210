using System.Text.RegularExpressions;
using ControlPlane.Running;

namespace ControlPlane.Clients;

/// <summary>The examples of a client's <c>README.md</c>, to the letter.</summary>
internal static partial class ReadmeExamples
{
    /// <summary>The client's folder.</summary>
    public static string Folder(string client) => Path.Combine(Tool.Root, "clients", client);

    /// <summary>Its programs in their order, each with what the page says that it prints; null where it says nothing.</summary>
    public static IReadOnlyList<(string Program, string? Prints)> Of(string client)
    {
        var blocks = Block().Matches(File.ReadAllText(Path.Combine(Folder(client), "README.md")));
        var examples = new List<(string, string?)>();
        for (var index = 0; index < blocks.Count; index++)
        {
            if (blocks[index].Groups["language"].Value is "js" or "python")
            {
                var next = blocks.ElementAtOrDefault(index + 1);
                examples.Add((blocks[index].Groups["text"].Value, next?.Groups["language"].Value is "" ? next.Groups["text"].Value : null));
            }
        }

        return examples;
    }

    [GeneratedRegex(@"^```(?<language>\w*)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
