using ControlPlane.Server;

namespace ControlPlane.Members;

public sealed class TeamTests : CliTest
{
    [Fact]
    public async Task Members_are_listed()
    {
        var text = (await RunAsync("member", "list")).Good();
        var json = (await RunAsync("member", "list", "--json")).Good();

        Assert.Equal(["user-1", "owner", "ada@example.com"], text.Lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal("user-2", json.Json().GetProperty("members")[1].GetProperty("id").GetString());
    }

    [Fact]
    public async Task The_code_of_an_invitation_alone_is_the_output()
    {
        var outcome = (await RunAsync("member", "invite", "bob@example.com", "--role", "admin")).Good();

        Assert.Equal(PeopleOfServer.Code, outcome.Output.TrimEnd());
        Assert.Contains("bob@example.com as admin", outcome.Errors, StringComparison.Ordinal);
        Assert.Equal(PeopleOfServer.Code, (await RunAsync("member", "invite", "bob@example.com", "--json")).Good().Json().GetProperty("invitation").GetString());
    }

    [Fact]
    public async Task Open_invitations_are_listed_and_withdrawn()
    {
        var text = (await RunAsync("member", "invitations")).Good();
        var json = (await RunAsync("member", "invitations", "--json")).Good();

        Assert.Equal(
            ["bob@example.com", "admin", "user-1", "2026-01-01", "12:00:00Z", PeopleOfServer.InvitationId],
            text.Lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(PeopleOfServer.InvitationId, json.Json().GetProperty("invitations")[0].GetProperty("id").GetString());
        Assert.Equal("Withdrew 0a1b.", (await RunAsync("member", "uninvite", PeopleOfServer.InvitationId)).Good().Output.TrimEnd());
        Assert.Equal("Withdrew 0a1b.", (await RunAsync("member", "uninvite", "Bob@example.com")).Good().Output.TrimEnd());
        Assert.Equal(2, Server.Asked.Count(asked => asked == "DELETE /api/workspaces/ws-one/invitations/0a1b"));
        Assert.Contains("no open invitation for eve@example.com", (await RunAsync("member", "uninvite", "eve@example.com")).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workspace_is_used_from_now_on_if_the_caller_is_in_it()
    {
        (await RunAsync("config", "set", "workspace", "ws-left")).Good();
        var missing = await RunAsync("workspace", "use", "ws-two");
        var used = (await RunAsync("workspace", "use", "ws-one")).Good();

        Assert.Equal(1, missing.ExitCode);
        Assert.Contains("no workspace ws-two", missing.Errors, StringComparison.Ordinal);
        Assert.Equal("The profile default acts in ws-one (One).", used.Output.TrimEnd());
        Assert.Contains("ws-one", (await RunAsync("config", "show")).Good().Output, StringComparison.Ordinal);
        Variables["ARCHAL_WORKSPACE_ID"] = "ws-x";
        Assert.Contains("goes before it", (await RunAsync("workspace", "use", "ws-one")).Good().Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_accepts_as_nobody_shows_no_token_and_gets_one()
    {
        Variables.Remove("ARCHAL_TOKEN");
        var outcome = (await RunAsync(["member", "accept", "-"], $"{PeopleOfServer.Code}\n")).Good();

        Assert.Equal(Server.People.Secret, outcome.Output.TrimEnd());
        Assert.Contains(PeopleOfServer.Code, Server.Calls.Single().Body, StringComparison.Ordinal);
    }

    [LinuxFact]
    public async Task Whoever_accepts_at_a_terminal_is_asked_for_the_code()
    {
        Variables.Remove("ARCHAL_TOKEN");
        using var archal = StartAtTerminal("member accept -");
        for (var seen = ""; !seen.Contains("Invitation: ", StringComparison.Ordinal);)
        {
            seen += await archal.ReadSomeAsync();
        }

        await archal.Input.WriteAsync($"{PeopleOfServer.Code}\r");
        await archal.Input.FlushAsync();
        var outcome = await archal.EndAsync();

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains(Server.People.Secret, outcome.Output, StringComparison.Ordinal);
        Assert.Contains(PeopleOfServer.Code, Server.Calls.Single().Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_accepts_as_himself_keeps_the_token_that_he_has()
    {
        var outcome = (await RunAsync("member", "accept", PeopleOfServer.Code, "--as-me")).Good();

        Assert.Contains("user-3 is in workspace ws-one as member", outcome.Output, StringComparison.Ordinal);
        Assert.Equal("user-3", (await RunAsync("member", "accept", PeopleOfServer.Code, "--as-me", "--json")).Good().Json().GetProperty("userId").GetString());
    }

    [Fact]
    public async Task A_role_is_changed_and_a_member_removed()
    {
        Assert.Equal("user-2 is admin.", (await RunAsync("member", "role", "user-2", "admin")).Good().Output.TrimEnd());
        Assert.Equal(
            "Removed user-2 (3 gateways told, 1 of them late, 5021 ms).", (await RunAsync("member", "remove", "user-2")).Good().Output.TrimEnd());
        Assert.Equal(3, (await RunAsync("member", "remove", "user-2", "--json")).Good().Json().GetProperty("revocation").GetProperty("acknowledged").GetInt32());
    }

    [Fact]
    public async Task Tokens_of_ones_own_are_made_listed_and_revoked()
    {
        Assert.Equal(Server.People.Secret, (await RunAsync("token", "create", "laptop")).Good().Output.TrimEnd());
        var listed = (await RunAsync("token", "list")).Good().Lines;
        Assert.Matches("^token-1 +personal +laptop +active", listed[1]);
        Assert.Matches("^login-1 +login +archal on lost +active", listed[2]);
        Assert.Equal("login", (await RunAsync("token", "list", "--json")).Good().Json().GetProperty("tokens")[1].GetProperty("kind").GetString());
        Assert.StartsWith("Revoked token-1 (3 gateways", (await RunAsync("token", "revoke", "token-1")).Good().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Workspaces_are_made_listed_and_renamed()
    {
        Assert.Equal("ws-two", (await RunAsync("workspace", "create", "Two")).Good().Output.TrimEnd());
        Assert.StartsWith("ws-one  One", (await RunAsync("workspace", "list")).Good().Lines[1], StringComparison.Ordinal);
        Assert.Equal("Workspace ws-one is called Red.", (await RunAsync("workspace", "rename", "Red")).Good().Output.TrimEnd());
    }

    [Fact]
    public async Task The_audit_log_is_shown_and_where_it_goes_on()
    {
        var outcome = (await RunAsync("audit", "--action", "api_key.revoke", "--limit", "1")).Good();

        Assert.Contains("refused (role_missing)", outcome.Lines[1], StringComparison.Ordinal);
        Assert.Contains("--cursor 7", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("GET /api/workspaces/ws-one/audit-events?limit=1&action=api_key.revoke", Server.Asked);
    }

    [Fact]
    public async Task Usage_is_shown_with_its_total()
    {
        var outcome = (await RunAsync("usage", "--from", "2026-01-01")).Good();

        Assert.Equal(["2026-01-01", "key:key-1", "2", "30.5", "100", "2000", "3000"], outcome.Lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("total", outcome.Lines[2], StringComparison.Ordinal);
        Assert.Contains("GET /api/workspaces/ws-one/usage?from=2026-01-01", Server.Asked);
    }
}
