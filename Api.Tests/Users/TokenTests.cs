using ControlPlane.Hosting;

namespace ControlPlane.Users;

public abstract class PersonalTokenTests(ManagementHost host)
{
    private const string Tokens = "/api/me/tokens";

    [Fact]
    public async Task A_token_is_made_shown_once_listed_and_revoked_everywhere()
    {
        var user = await host.JoinAsync();
        var made = (await host.As(user.Token).PostAsync(Tokens, """{"label":"laptop","expiresInSeconds":3600}""")).Must(201);
        var (id, secret) = (made.String("id"), host.Remember(made.String("secret")));

        Assert.Equal("no-store", made.Headers["Cache-Control"]);
        Assert.StartsWith(made.String("prefix"), secret, StringComparison.Ordinal);
        Assert.Equal(user.User, (await host.As(secret).GetAsync("/auth/me")).Must(200).String("userId"));

        var list = (await host.As(secret).GetAsync(Tokens)).Must(200);
        Assert.Equal(["laptop", "First token"], list["tokens"].EnumerateArray().Select(token => token.GetProperty("label").GetString()));
        Assert.DoesNotContain("secret", list.Text, StringComparison.Ordinal);

        var first = (await host.As(user.Token).DeleteAsync($"{Tokens}/{id}")).Must(204);

        Assert.Matches("^acknowledged=1, waited=0, ms=[0-9]+$", first.Headers["x-archal-revocation"]);
        (await host.As(secret).GetAsync("/auth/me")).MustRefuse(401, "credential_invalid");
        Assert.Equal(first.Headers["x-archal-revocation"], (await host.As(user.Token).DeleteAsync($"{Tokens}/{id}")).Must(204).Headers["x-archal-revocation"]);
        Assert.Single((await host.As(user.Token).GetAsync(Tokens)).Must(200)["tokens"].EnumerateArray(), token => token.TryGetProperty("revokedAt", out _));
    }

    [Fact]
    public async Task Whoever_revokes_the_token_that_he_calls_with_is_told_that_it_is_done()
    {
        var user = await host.JoinAsync();

        (await host.As(user.Token).DeleteAsync($"{Tokens}/{user.TokenId}")).Must(204);

        (await host.As(user.Token).GetAsync(Tokens)).MustRefuse(401, "credential_invalid");
    }

    [Fact]
    public async Task Nobody_sees_or_revokes_the_tokens_of_others()
    {
        var (one, other) = (await host.JoinAsync("admin"), await host.JoinAsync());

        (await host.As(one.Token).DeleteAsync($"{Tokens}/{other.TokenId}")).MustRefuse(404, "not_found");
        (await host.As(host.Owner).DeleteAsync($"{Tokens}/{other.TokenId}")).MustRefuse(404, "not_found");
        (await host.As(one.Token).DeleteAsync($"{Tokens}/{(await host.KeyAsync()).Id}")).MustRefuse(404, "not_found");
        Assert.Equal([one.TokenId], (await host.As(one.Token).GetAsync(Tokens)).Must(200)["tokens"].EnumerateArray()
            .Select(token => token.GetProperty("id").GetString()));
        (await host.As(other.Token).GetAsync("/auth/me")).Must(200);
    }

    [Theory, InlineData("nobody"), InlineData("x%2fy"), InlineData("00000000000Z"), InlineData("000000000000")]
    public async Task An_unknown_token_is_404(string id) => (await host.As(host.Owner).DeleteAsync($"{Tokens}/{id}")).MustRefuse(404, "not_found");

    [Fact]
    public async Task A_key_has_no_tokens()
    {
        (await host.As(host.Key).GetAsync(Tokens)).MustRefuse(403, "role_missing");
        (await host.As(host.Key).PostAsync(Tokens, """{"label":"x"}""")).MustRefuse(403, "role_missing");
        (await host.As(host.Key).DeleteAsync($"{Tokens}/000000000000")).MustRefuse(403, "role_missing");
    }

    [Fact]
    public async Task The_token_that_is_called_with_is_listed_also_when_it_was_made_elsewhere() => Assert.Contains(
        (await host.As(host.Owner).GetAsync(Tokens)).Must(200)["tokens"].EnumerateArray(),
        token => token.GetProperty("label").GetString() == "made for a test");

    [Theory]
    [InlineData("""{}""", "label")]
    [InlineData("""{"label":""}""", "label")]
    [InlineData("""{"label":"x","expiresInSeconds":0}""", "expiresInSeconds")]
    [InlineData("""{"label":"x","scopes":[]}""", "scopes")]
    public async Task A_field_that_is_wrong_is_named(string json, string place)
    {
        var answer = (await host.As(host.Owner).PostAsync(Tokens, json)).MustRefuse(400, "request_invalid");

        Assert.Contains(place, answer.String("message"), StringComparison.Ordinal);
    }
}

public sealed class PersonalTokensOnHeldFacts(HoldingHost host) : PersonalTokenTests(host), IClassFixture<HoldingHost>;

public sealed class PersonalTokensAskingEachTime(AskingHost host) : PersonalTokenTests(host), IClassFixture<AskingHost>;
