using ControlPlane.Running;
using Microsoft.Data.Sqlite;

namespace ControlPlane.Published;

/// <summary>
/// The published 0.3.0 description as a test, from outside: <c>conformance.mjs</c> makes requests from its schemas, provokes each status that
/// it names, and holds every answer to it.
/// </summary>
public sealed class PublishedTests(PublishedProgram program) : IClassFixture<PublishedProgram>
{
    [Fact]
    public async Task Every_published_operation_answers_as_it_is_described()
    {
        var description = Path.Combine(Tool.Root, "Api.Tests", "OpenApi", "published-openapi-0.3.0.json");
        await using (var other = new SqliteConnection($"Data Source={Path.Combine(program.Program.Data, "control.db")};Pooling=False"))
        {
            await other.OpenAsync();
            await using var writing = other.BeginTransaction(System.Data.IsolationLevel.Serializable, deferred: false);
            await PublishedProgram.RunAsync("conformance.mjs", description, program.World, "store-away");
        }

        Assert.Contains(" 0 problems", await PublishedProgram.RunAsync("conformance.mjs", description, program.World, "all"), StringComparison.Ordinal);
    }
}

/// <summary>The program's own description, <c>/openapi/v1.json</c>, held in the same way by <c>own.mjs</c>, error codes and examples too.</summary>
public sealed class OwnDescriptionTests(PublishedProgram program) : IClassFixture<PublishedProgram>
{
    [Fact]
    public async Task Every_operation_of_its_own_description_answers_as_it_is_described() =>
        Assert.Contains(" 0 problems", await PublishedProgram.RunAsync("own.mjs", program.World), StringComparison.Ordinal);
}
