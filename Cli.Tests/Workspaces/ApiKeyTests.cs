using System.Text.Json;

namespace ControlPlane.Workspaces;

public sealed class ApiKeyTests : CliTest
{
    [Theory]
    [InlineData("--scope sessions:read workspaces:read")]
    [InlineData("--scope sessions:read --scope workspaces:read")]
    public async Task Scopes_are_given_in_either_form(string scopes)
    {
        await CreateAsync(["ci", .. scopes.Split(' '), "--expires-in", "3600"]);

        Assert.Equal("ci", Server.Keys.LastRequest.Label);
        Assert.Equal(["sessions:read", "workspaces:read"], Server.Keys.LastRequest.Scopes);
        Assert.Equal(3600, Server.Keys.LastRequest.ExpiresInSeconds);
    }

    [Fact]
    public async Task The_secret_alone_is_the_output_so_that_a_script_can_take_it()
    {
        var outcome = await CreateAsync(["ci"]);

        Assert.Equal(Server.Keys.Only.Secret, outcome.Output.TrimEnd());
        Assert.Contains("key-1 (ci)", outcome.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(Server.Keys.Only.Secret!, outcome.Errors, StringComparison.Ordinal);
        Assert.Null(Server.Keys.LastRequest.Scopes);
    }

    [Fact]
    public async Task As_json_it_is_the_contracts_key()
    {
        var outcome = await CreateAsync(["ci", "--json"]);

        var key = JsonSerializer.Deserialize(outcome.Output, ContractsJson.Default.ApiKey)!;
        Assert.Equal(Server.Keys.Only.Secret, key.Secret);
    }

    [Fact]
    public async Task Keys_are_listed_without_secrets()
    {
        await CreateAsync(["ci"]);

        var text = (await RunAsync("workspace", "api-keys")).Good();
        var json = (await RunAsync("workspace", "api-keys", "--json")).Good();

        Assert.Equal(["ID", "LABEL", "STATE"], text.Lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)[..3]);
        Assert.Equal(["key-1", "ci", "active"], text.Lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[..3]);
        Assert.Equal("key-1", json.Json().GetProperty("apiKeys")[0].GetProperty("id").GetString());
    }

    [Fact]
    public async Task Revoking_tells_how_it_went_round()
    {
        await CreateAsync(["one"]);
        await CreateAsync(["two"]);

        var text = (await RunAsync("workspace", "api-key", "revoke", "key-1")).Good();
        var json = (await RunAsync("workspace", "api-key", "revoke", "key-2", "--json")).Good();

        Assert.Equal("Revoked key-1 (3 gateways told, 1 of them late, 5021 ms).", text.Output.TrimEnd());
        Assert.Equal(3, json.Json().GetProperty("revocation").GetProperty("acknowledged").GetInt32());
        Assert.True(Server.Keys.AllRevoked);
        (await RunAsync("workspace", "api-key", "revoke", "key-3")).Failed(1, "There is no key key-3.");
    }

    [Theory]
    [InlineData(null, null, "works for 1 h")]
    [InlineData("0", 0, "is dead")]
    [InlineData("90", 90, "works for 1 min 30 s")]
    [InlineData("15m", 900, "works for 15 min")]
    [InlineData("7d", 604_800, "works for 7 d")]
    public async Task Rotating_shows_the_new_secret_and_says_how_long_the_one_before_works(string? grace, int? seconds, string said)
    {
        await CreateAsync(["ci"]);
        var before = Server.Keys.Only.Secret!;

        using var archal = Start(["workspace", "api-key", "rotate", "key-1", .. grace is null ? (string[])[] : ["--grace", grace]]);
        var outcome = (await archal.EndAsync()).Good();

        Assert.Equal(Server.Keys.Only.Secret, outcome.Output.TrimEnd());
        Assert.NotEqual(before, outcome.Output.TrimEnd());
        Assert.Equal(seconds, Server.Keys.LastRotation.GraceSeconds);
        Assert.Contains(said, outcome.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(Server.Keys.Only.Secret!, outcome.Errors, StringComparison.Ordinal);
    }

    [Theory, InlineData("1w"), InlineData("h"), InlineData("-1"), InlineData("1.5h"), InlineData("99999999d")]
    public async Task A_grace_that_is_no_time_is_wrong_use(string grace)
    {
        (await RunAsync("workspace", "api-key", "rotate", "key-1", $"--grace={grace}")).Failed(2, "--grace is a number");
        Assert.Empty(Server.Asked);
    }

    [Fact]
    public async Task The_named_workspace_is_in_the_path_and_not_asked_for()
    {
        await RunAsync("workspace", "api-keys", "--workspace", "ws-other");

        Assert.Equal(["GET /api/workspaces/ws-other/api-keys"], Server.Asked);
    }

    // Showing the secret was asked for, so the promise about tokens is held by hand here.
    private async Task<Outcome> CreateAsync(string[] arguments)
    {
        using var archal = Start(["workspace", "api-key", "create", .. arguments]);
        return (await archal.EndAsync()).Good();
    }
}
