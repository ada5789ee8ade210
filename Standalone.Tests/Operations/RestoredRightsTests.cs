using System.Net;
using System.Net.Http.Json;
using System.Runtime.Versioning;
using System.Text.Json;
using ControlPlane.CommandLine;
using ControlPlane.Running;
using ControlPlane.Sessions;

namespace ControlPlane.Operations;

/// <summary>What was taken away since a backup, other than by revoking, is back after a restore: its output says so, and by which commands it goes.</summary>
[SupportedOSPlatform("linux")]
public sealed class RestoredRightsTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string File => Path.Combine(_folder.Path, "backup.db");

    private string Data => Path.Combine(_folder.Path, "data");

    private static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "ControlPlane.Standalone");

    [Fact]
    public async Task Members_roles_invitations_and_secrets_are_those_of_the_backup_until_they_are_taken_away_again()
    {
        Key key;
        JsonElement removed, lowered;
        string withdrawn, secret, said;
        await using (var program = await StandaloneProcess.StartAsync(Data))
        {
            using var archal = new Archal(program.Url);
            await archal.LoginAsync(program.OwnerToken);
            (removed, lowered) = (await JoinAsync(program, await InviteAsync(archal, "ada")), await JoinAsync(program, await InviteAsync(archal, "bob")));
            (withdrawn, key) = (await InviteAsync(archal, "eve"), await program.CreateKeyAsync());
            (await archal.RunAsync("admin", "backup", File)).Good();

            (await archal.RunAsync("member", "remove", removed.Text("userId"))).Good();
            (await archal.RunAsync("member", "role", lowered.Text("userId"), "member")).Good();
            (await archal.RunAsync("member", "uninvite", Address("eve"))).Good();
            secret = await RotateAsync(archal, key);
            Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (await StatusAsync(program, key.Secret), await StatusAsync(program, secret)));
            await program.KillAsync();
        }

        using (var archal = new Archal(new Uri("http://127.0.0.1:1")))
        {
            said = (await archal.RunAsync("admin", "restore", File, "--data", Data, "--program", Program)).Good().Output;
        }

        Assert.All(
            (string[])["archal member list", "archal member invitations", "archal workspace api-key rotate"],
            command => Assert.Contains(command, said, StringComparison.Ordinal));
        await using var again = await StandaloneProcess.StartAsync(Data);
        using var operators = new Archal(again.Url);
        await operators.LoginAsync(again.OwnerToken);
        var members = (await operators.RunAsync("member", "list", "--json")).Good().Json().GetProperty("members").EnumerateArray()
            .ToDictionary(member => member.Text("id"), member => member.Text("role"));
        Assert.Equal(("admin", "admin"), (members[removed.Text("userId")], members[lowered.Text("userId")]));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(again, removed.GetProperty("token").Text("secret")));
        Assert.Contains(Address("eve"), (await operators.RunAsync("member", "invitations")).Good().Output, StringComparison.Ordinal);
        await JoinAsync(again, withdrawn);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (await StatusAsync(again, key.Secret), await StatusAsync(again, secret)));
        await RotateAsync(operators, key);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(again, key.Secret));
    }

    private static string Address(string name) => $"{name}@example.com";

    private static async Task<string> InviteAsync(Archal archal, string name) =>
        (await archal.RunAsync("member", "invite", Address(name), "--role", "admin")).Good().Output.Trim();

    private static async Task<JsonElement> JoinAsync(StandaloneProcess program, string invitation)
    {
        using var client = program.Client();
        using var answer = (await client.PostAsJsonAsync("/auth/invitations/accept", new { invitation })).EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static async Task<string> RotateAsync(Archal archal, Key key) =>
        (await archal.RunAsync("workspace", "api-key", "rotate", key.Id, "--grace", "0")).Good().Output.Trim();

    private static async Task<HttpStatusCode> StatusAsync(StandaloneProcess program, string token)
    {
        using var client = program.Client(token);
        using var answer = await client.GetAsync("/api/workspaces");
        return answer.StatusCode;
    }
}
