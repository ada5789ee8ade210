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
    public async Task Whoever_accepts_as_nobody_shows_no_token_and_gets_one()
    {
        Variables.Remove("ARCHAL_TOKEN");
        var outcome = (await RunAsync(["member", "accept", "-"], $"{PeopleOfServer.Code}\n")).Good();

        Assert.Equal(Server.People.Secret, outcome.Output.TrimEnd());
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
            "Removed user-2 (3 gateways acknowledged, 1 waited out, 5021 ms).", (await RunAsync("member", "remove", "user-2")).Good().Output.TrimEnd());
        Assert.Equal(3, (await RunAsync("member", "remove", "user-2", "--json")).Good().Json().GetProperty("revocation").GetProperty("acknowledged").GetInt32());
    }

    [Fact]
    public async Task Tokens_of_ones_own_are_made_listed_and_revoked()
    {
        Assert.Equal(Server.People.Secret, (await RunAsync("token", "create", "laptop")).Good().Output.TrimEnd());
        Assert.StartsWith("token-1  laptop  active", (await RunAsync("token", "list")).Good().Lines[1], StringComparison.Ordinal);
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
