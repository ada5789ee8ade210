using System.Net.Http.Json;
using System.Runtime.Versioning;
using System.Text.Json;
using System.Text.Json.Serialization;
using ControlPlane.AgentTraces;
using ControlPlane.Audit;
using ControlPlane.CommandLine;
using ControlPlane.Events;
using ControlPlane.Running;
using ControlPlane.Sessions;
using ControlPlane.Usage;

namespace ControlPlane.Storage;

/// <summary>A backup is read with every kind of record that the program stores.</summary>
[SupportedOSPlatform("linux")]
public sealed class BackupFileTests : IDisposable
{
    /// <summary>The entries of logs, which are no records.</summary>
    private static readonly Type[] Entries = [typeof(AuditEvent), typeof(SessionEvent), typeof(SessionListing), typeof(TraceListing), typeof(UsageEntry)];

    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string File => Path.Combine(_folder.Path, "backup.db");

    private string Data => Path.Combine(_folder.Path, "data");

    private static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "ControlPlane.Standalone");

    /// <summary>Storage takes no other types than these.</summary>
    [Fact]
    public void Every_type_that_is_stored_is_a_record_that_a_backup_may_hold_or_an_entry_of_a_log()
    {
        var stored =
            from attribute in typeof(CoreJson).CustomAttributes
            where attribute.AttributeType == typeof(JsonSerializableAttribute)
            select (Type)attribute.ConstructorArguments[0].Value!; // It has no other constructor.

        Assert.Equal(
            stored.Except(Entries).Select(type => type.Name).Order(),
            BackupFile.Kinds.Values.Select(json => json.Type.Name).Order());
    }

    [Fact]
    public async Task A_record_of_each_kind_is_backed_up_and_restored()
    {
        string owner, invitation, worker;
        JsonElement login, session;
        using var archal = new Archal(new Uri("http://127.0.0.1:1"));
        await using (var program = await StandaloneProcess.StartAsync())
        {
            owner = program.OwnerToken;
            session = await CreateAsync(program, owner);
            await program.CallAsync(HttpMethod.Post, "/api/traces", owner, new { rootTraceId = "run-1", traceId = "step", note = "kept" });
            invitation = (await program.CallAsync(HttpMethod.Post, $"/api/workspaces/{Tenant.Workspace}/members", owner, new { email = "ada@example.com" }))
                .Text("invitation");
            login = await program.CallAsync(HttpMethod.Post, "/auth/device", owner);

            worker = (await WorkersAsync(program, owner))[0].Text("workerId");
            await program.CallAsync(HttpMethod.Put, $"/api/admin/workers/{worker}/drain", owner);

            using var operators = new Archal(program.Url);
            await operators.LoginAsync(owner);
            (await operators.RunAsync("admin", "backup", File)).Good();
        }

        Assert.Equal(BackupFile.Kinds.Keys.Order(), BackupFile.Check(File).Records.Keys.Order());
        (await archal.RunAsync("admin", "restore", File, "--data", Data, "--program", Program)).Good();

        await using var again = await StandaloneProcess.StartAsync(Data);
        var trace = await again.CallAsync(HttpMethod.Get, "/api/traces/run-1", owner);
        Assert.Equal("kept", trace.GetProperty("traces")[0].GetProperty("payload").Text("note"));
        using var nobody = again.Client();
        (await nobody.PostAsJsonAsync("/auth/invitations/accept", new { invitation })).EnsureSuccessStatusCode().Dispose();
        await again.CallAsync(HttpMethod.Post, "/auth/device/approval", owner, new { user_code = login.Text("user_code"), decision = "approve" });
        var token = await again.CallAsync(HttpMethod.Post, "/auth/device/token", owner, new { device_code = login.Text("device_code") });
        Assert.Equal(Tenant.Workspace, token.Text("workspace"));
        Assert.Equal(session.Text("sessionId"), (await CreateAsync(again, owner)).Text("sessionId"));
        Assert.Contains(await WorkersAsync(again, owner), one => one.Text("workerId") == worker && one.GetProperty("drainedByOperator").GetBoolean());
    }

    private static async Task<IReadOnlyList<JsonElement>> WorkersAsync(StandaloneProcess program, string token) =>
        [.. (await program.CallAsync(HttpMethod.Get, "/api/admin/status", token)).GetProperty("workers").EnumerateArray()];

    private static async Task<JsonElement> CreateAsync(StandaloneProcess program, string token)
    {
        using var client = program.Client(token);
        client.DefaultRequestHeaders.Add("Idempotency-Key", "one");
        using var answer = (await client.PostAsJsonAsync("/api/sessions", new { clones = new[] { "github" } })).EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
