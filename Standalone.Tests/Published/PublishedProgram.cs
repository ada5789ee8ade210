using System.Text.Json;
using ControlPlane.Contract;
using ControlPlane.Running;

namespace ControlPlane.Published;

/// <summary>A running program that bears as many calls as a description has cases, and the scripts that make them.</summary>
public sealed class PublishedProgram() : ProgramUnderTest(reuse: true, "--Workspaces:SessionsPerMinute=100000")
{
    private readonly string _world = Path.GetTempFileName();

    /// <summary>What the scripts find there, as a file: keys of every kind, and sessions in every state.</summary>
    public string World => _world;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        var fresh = new List<string>();
        for (var number = 0; number < 10; number++)
        {
            fresh.Add((await Program.CreateKeyAsync()).Secret);
        }

        await File.WriteAllTextAsync(_world, JsonSerializer.Serialize(new
        {
            url = Program.Url, ownerToken = Program.OwnerToken, key = Key.Secret, session = Session, readerKey = Filled("{reader}"),
            otherKey = Filled("{other}"), unknownKey = Filled("{unknown}"), revokedKey = Filled("{revoked}"), expiredKey = Filled("{expired}"),
            endedSession = Filled("{ended}"), lostSession = Filled("{lost}"), freshKeys = fresh,
        }));
    }

    public override async Task DisposeAsync()
    {
        File.Delete(_world);
        await base.DisposeAsync();
    }

    /// <summary>Runs a script to its end; what it printed.</summary>
    internal static Task<string> RunAsync(string script, params string[] arguments) => Tool.RunAsync(
        "node", [Path.Combine(Tool.Root, "Standalone.Tests", "Published", script), .. arguments], new Dictionary<string, string>());
}
