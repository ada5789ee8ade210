using System.Text.Json;
using ControlPlane.Contract;
using ControlPlane.Running;
using Microsoft.Data.Sqlite;

namespace ControlPlane.Published;

/// <summary>A running program that bears as many calls as the description has cases.</summary>
public sealed class PublishedProgram() : ProgramUnderTest(reuse: true, "--Workspaces:SessionsPerMinute=100000");

/// <summary>
/// The published 0.3.0 description as a test, from outside: <c>conformance.mjs</c> makes requests from its schemas, provokes each status that
/// it names, and holds every answer to it.
/// </summary>
public sealed class PublishedTests(PublishedProgram program) : IClassFixture<PublishedProgram>, IDisposable
{
    private static readonly string Description = Path.Combine(Tool.Root, "Api.Tests", "OpenApi", "published-openapi-0.3.0.json");

    private readonly string _world = Path.GetTempFileName();

    [Fact]
    public async Task Every_published_operation_answers_as_it_is_described()
    {
        var fresh = new List<string>();
        for (var number = 0; number < 10; number++)
        {
            fresh.Add((await program.Program.CreateKeyAsync()).Secret);
        }

        await File.WriteAllTextAsync(_world, JsonSerializer.Serialize(new
        {
            url = program.Program.Url, ownerToken = program.Program.OwnerToken, key = program.Key.Secret, session = program.Session,
            readerKey = program.Filled("{reader}"), otherKey = program.Filled("{other}"), unknownKey = program.Filled("{unknown}"),
            revokedKey = program.Filled("{revoked}"), expiredKey = program.Filled("{expired}"), endedSession = program.Filled("{ended}"),
            lostSession = program.Filled("{lost}"), freshKeys = fresh,
        }));

        await using (var other = new SqliteConnection($"Data Source={Path.Combine(program.Program.Data, "control.db")};Pooling=False"))
        {
            await other.OpenAsync();
            await using var writing = other.BeginTransaction(System.Data.IsolationLevel.Serializable, deferred: false);
            await RunAsync("store-away");
        }

        var said = await RunAsync("all");

        Assert.Contains(" 0 problems", said, StringComparison.Ordinal);
    }

    public void Dispose() => File.Delete(_world);

    private Task<string> RunAsync(string mode) => Tool.RunAsync(
        "node", [Path.Combine(Tool.Root, "Standalone.Tests", "Published", "conformance.mjs"), Description, _world, mode], new Dictionary<string, string>());
}
