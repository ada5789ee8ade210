namespace ControlPlane.Hosting;

/// <summary>What tests of people do again and again, all of it from outside.</summary>
internal static class Team
{
    public const string Members = $"/api/workspaces/{ManagementHost.Main}/members";

    private static int _people;

    /// <summary>An address that no other test has.</summary>
    public static string Email() => $"person-{Interlocked.Increment(ref _people)}@example.com";

    /// <summary>The code of a new invitation.</summary>
    public static async Task<string> InviteAsync(this ManagementHost host, string role = "member", string? workspace = null, string? token = null) =>
        host.Remember((await host.As(token ?? host.Owner).PostAsync(
            $"/api/workspaces/{workspace ?? ManagementHost.Main}/members", $$"""{"email":"{{Email()}}","role":"{{role}}"}""")).Must(201).String("invitation"));

    public static Task<Answer> AcceptAsync(this ManagementHost host, string code, string? token = null) =>
        host.As(token).PostAsync("/auth/invitations/accept", $$"""{"invitation":"{{code}}"}""");

    /// <summary>A new user of the workspace, by an invitation.</summary>
    public static async Task<(string User, string Token, string TokenId)> JoinAsync(this ManagementHost host, string role = "member")
    {
        var accepted = (await host.AcceptAsync(await host.InviteAsync(role))).Must(201);
        var token = accepted["token"];
        return (accepted.String("userId"), host.Remember(token.GetProperty("secret").GetString()!), token.GetProperty("id").GetString()!);
    }

    /// <summary>A new workspace of whoever has this token.</summary>
    public static async Task<string> WorkspaceAsync(this ManagementHost host, string token, string name = "Another") =>
        (await host.As(token).PostAsync("/api/workspaces", $$"""{"name":"{{name}}"}""")).Must(201).String("workspaceId");

    /// <summary>The acts in a workspace, newest first.</summary>
    public static async Task<List<System.Text.Json.JsonElement>> AuditAsync(
        this ManagementHost host, string query = "", string? workspace = null, string? token = null) =>
        [.. (await host.As(token ?? host.Owner).GetAsync($"/api/workspaces/{workspace ?? ManagementHost.Main}/audit-events{query}"))
            .Must(200)["auditEvents"].EnumerateArray()];
}
