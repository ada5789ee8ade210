using System.Globalization;
using System.Text.Json;
using ControlPlane.Hosting;

namespace ControlPlane.Workspaces;

public abstract class ApiKeyTests(ManagementHost host)
{
    private const string Keys = "/api/workspaces/ws-main/api-keys";

    [Fact]
    public async Task A_key_is_made_shown_once_listed_and_revoked()
    {
        var owner = host.As(host.Owner);

        var made = (await owner.PostAsync(Keys, """{"label":"ci of für","scopes":["sessions:read"],"expiresInSeconds":60}""")).Must(201);
        var secret = made.String("secret");
        var listed = await ListedAsync(made.String("id"));

        Assert.Matches("^archal_ws_[0-9a-z]{12}_[0-9A-Za-z]{38}$", secret);
        Assert.Equal($"{Keys}/{made.String("id")}", made.Headers["Location"]);
        Assert.Equal("no-store", made.Headers["Cache-Control"]);
        Assert.Equal(secret[..22], made.String("prefix"));
        Assert.Equal("user:ann", made.String("createdBy"));
        Assert.Equal(["sessions:read"], made["scopes"].EnumerateArray().Select(word => word.GetString()!));
        Assert.Equal(TimeSpan.FromSeconds(60), Moment(made["expiresAt"]) - Moment(made["createdAt"]));
        foreach (var field in listed.EnumerateObject())
        {
            Assert.True(JsonElement.DeepEquals(made[field.Name], field.Value), field.Name);
        }

        Assert.DoesNotContain(secret, (await owner.GetAsync(Keys)).Text, StringComparison.Ordinal);
        (await host.As(secret).GetAsync("/api/sessions")).Must(200);

        var revoked = (await owner.DeleteAsync($"{Keys}/{made.String("id")}")).Must(204);

        Assert.Matches("^acknowledged=1, waited=0, ms=[0-9]+$", revoked.Headers["x-archal-revocation"]);
        (await host.As(secret).GetAsync("/api/sessions")).MustRefuse(401, "credential_invalid");
        Assert.Equal(JsonValueKind.String, (await ListedAsync(made.String("id"))).GetProperty("revokedAt").ValueKind);
    }

    [Theory]
    [InlineData("""{}""", "label")]
    [InlineData("""{"label":null}""", "label")]
    [InlineData("""{"label":""}""", "label")]
    [InlineData("""{"label":7}""", "label")]
    [InlineData("""{"label":"a\tb"}""", "label")]
    [InlineData("""{"label":"x","scopes":[]}""", "scopes")]
    [InlineData("""{"label":"x","scopes":"sessions:read"}""", "scopes")]
    [InlineData("""{"label":"x","scopes":["sessions:read","sessions:all"]}""", "scopes[1]")]
    [InlineData("""{"label":"x","scopes":[null]}""", "scopes[0]")]
    [InlineData("""{"label":"x","scopes":["Sessions:Read"]}""", "scopes[0]")]
    [InlineData("""{"label":"x","expiresInSeconds":0}""", "expiresInSeconds")]
    [InlineData("""{"label":"x","expiresInSeconds":31536001}""", "expiresInSeconds")]
    [InlineData("""{"label":"x","expiresInSeconds":"60"}""", "expiresInSeconds")]
    [InlineData("""{"label":"x","role":"owner"}""", "role")]
    [InlineData("", "body")]
    public async Task A_field_that_is_wrong_is_named(string json, string place)
    {
        var answer = (await host.As(host.Owner).PostAsync(Keys, json)).MustRefuse(400, "request_invalid");

        Assert.Contains(place, answer.String("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_ends_of_each_range_are_allowed_and_all_scopes_are_the_default()
    {
        var owner = host.As(host.Owner);
        var label = new string('x', 100);

        (await owner.PostAsync(Keys, $$"""{"label":"{{label}}","expiresInSeconds":31536000}""")).Must(201);
        (await owner.PostAsync(Keys, $$"""{"label":"{{label}}x"}""")).MustRefuse(400, "request_invalid");
        var made = (await owner.PostAsync(Keys, """{"label":"x"}""")).Must(201);

        Assert.Equal(["sessions:read", "sessions:write", "workspaces:read"], made["scopes"].EnumerateArray().Select(word => word.GetString()!));
        Assert.False(made.Json.TryGetProperty("expiresAt", out _));
    }

    [Theory]
    [InlineData("000000000000")]
    [InlineData("nonsense")]
    [InlineData("0000000000ZZ%2f")]
    public async Task An_unknown_key_is_404(string id) =>
        (await host.As(host.Owner).DeleteAsync($"{Keys}/{id}")).MustRefuse(404, "not_found");

    [Fact]
    public async Task Another_workspaces_key_and_a_users_token_are_404_and_stay()
    {
        (await host.As(host.Owner).DeleteAsync($"{Keys}/{host.OtherKey.Split('_')[2]}")).MustRefuse(404, "not_found");
        (await host.As(host.Owner).DeleteAsync($"{Keys}/{host.Member.Split('_')[1]}")).MustRefuse(404, "not_found");

        (await host.As(host.OtherKey).GetAsync("/auth/me")).Must(200);
        (await host.As(host.Member).GetAsync("/auth/me")).Must(200);
    }

    [Fact]
    public async Task Lists_are_newest_first()
    {
        var made = new List<string>();
        for (var at = 0; at < 3; at++)
        {
            made.Insert(0, (await host.KeyAsync($"key {at}")).Id);
        }

        var listed = (await host.As(host.Owner).GetAsync(Keys)).Must(200)["apiKeys"].EnumerateArray().Select(key => key.GetProperty("id").GetString()!);
        Assert.Equal(made, listed.Take(3));
    }

    [Fact]
    public async Task A_workspace_says_what_the_caller_is_in_it()
    {
        var one = (await host.As(host.Member).GetAsync("/api/workspaces/ws-main")).Must(200);
        var all = (await host.As(host.Owner).GetAsync("/api/workspaces")).Must(200)["workspaces"].EnumerateArray().Single();
        var keys = (await host.As(host.Key).GetAsync("/api/workspaces")).Must(200)["workspaces"].EnumerateArray().Single();

        Assert.Equal("member", one.String("role"));
        Assert.Equal("Main", one.String("name"));
        Assert.Equal("owner", all.GetProperty("role").GetString());
        Assert.Equal("ws-main", keys.GetProperty("workspaceId").GetString());
        Assert.False(keys.TryGetProperty("role", out _));
    }

    private static DateTimeOffset Moment(JsonElement text) => DateTimeOffset.Parse(text.GetString()!, CultureInfo.InvariantCulture);

    private async Task<JsonElement> ListedAsync(string id) => (await host.As(host.Owner).GetAsync(Keys)).Must(200)["apiKeys"]
        .EnumerateArray().Single(key => key.GetProperty("id").GetString() == id);
}

public sealed class ApiKeysOnHeldFacts(HoldingHost host) : ApiKeyTests(host), IClassFixture<HoldingHost>;

public sealed class ApiKeysAskingEachTime(AskingHost host) : ApiKeyTests(host), IClassFixture<AskingHost>;
