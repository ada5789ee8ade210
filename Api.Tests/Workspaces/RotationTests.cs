using ControlPlane.Hosting;

namespace ControlPlane.Workspaces;

public abstract class RotationTests(ManagementHost host)
{
    private const string Keys = "/api/workspaces/ws-main/api-keys";

    [Fact]
    public async Task A_rotated_key_keeps_its_id_and_shows_its_other_secret_once()
    {
        var (id, token) = await host.KeyAsync();
        (await host.As(token).GetAsync("/auth/me")).Must(200);

        var rotated = (await host.As(host.Admin).PostAsync($"{Keys}/{id}/rotate", """{"graceSeconds":3600}""")).Must(200);
        var secret = rotated.String("secret");

        Assert.Matches("^archal_ws_[0-9a-z]{12}_[0-9A-Za-z]{38}$", secret);
        Assert.NotEqual(token, secret);
        Assert.Equal((id, secret[..22], "no-store"), (rotated.String("id"), rotated.String("prefix"), rotated.Headers["Cache-Control"]));
        Assert.Matches("^acknowledged=1, waited=0, ms=[0-9]+$", rotated.Headers["x-archal-revocation"]);
        (await host.As(secret).GetAsync("/auth/me")).Must(200);
        var ends = (await host.As(token).GetAsync("/auth/me")).Must(200)["expiresAt"].GetDateTimeOffset();
        Assert.InRange(ends - TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(60));
        Assert.DoesNotContain(secret, (await host.As(host.Owner).GetAsync(Keys)).Must(200).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_grace_the_secret_before_is_dead_and_a_revocation_ends_both()
    {
        var (id, token) = await host.KeyAsync();
        (await host.As(token).GetAsync("/auth/me")).Must(200);

        var second = (await host.As(host.Owner).PostAsync($"{Keys}/{id}/rotate", """{"graceSeconds":0}""")).Must(200).String("secret");
        (await host.As(token).GetAsync("/auth/me")).MustRefuse(401, "credential_invalid");
        (await host.As(second).GetAsync("/auth/me")).Must(200);

        // Without a body the usual grace: both work.
        var third = (await host.As(host.Owner).PostAsync($"{Keys}/{id}/rotate")).Must(200).String("secret");
        (await host.As(second).GetAsync("/auth/me")).Must(200);
        (await host.As(third).GetAsync("/auth/me")).Must(200);

        (await host.As(host.Owner).DeleteAsync($"{Keys}/{id}")).Must(204);
        (await host.As(second).GetAsync("/auth/me")).MustRefuse(401, "credential_invalid");
        (await host.As(third).GetAsync("/auth/me")).MustRefuse(401, "credential_invalid");
        (await host.As(host.Owner).PostAsync($"{Keys}/{id}/rotate")).MustRefuse(404, "not_found");
    }

    [Fact]
    public async Task Only_administrators_rotate_and_only_keys_of_their_workspace()
    {
        var (id, token) = await host.KeyAsync();
        (await host.As(host.Member).PostAsync($"{Keys}/{id}/rotate")).MustRefuse(403, "role_missing");
        (await host.As(token).PostAsync($"{Keys}/{id}/rotate")).MustRefuse(403, "role_missing");
        (await host.As(host.Owner).PostAsync($"{Keys}/{host.OtherKey.Split('_')[2]}/rotate")).MustRefuse(404, "not_found");
        (await host.As(host.Owner).PostAsync($"{Keys}/{host.Member.Split('_')[1]}/rotate")).MustRefuse(404, "not_found");
        (await host.As(host.Owner).PostAsync($"{Keys}/000000000000/rotate")).MustRefuse(404, "not_found");
        (await host.As(host.Owner).PostAsync($"{Keys}/nonsense/rotate")).MustRefuse(404, "not_found");
        (await host.As(token).GetAsync("/auth/me")).Must(200);
    }

    [Theory]
    [InlineData("""{"graceSeconds":-1}""", "graceSeconds")]
    [InlineData("""{"graceSeconds":604801}""", "graceSeconds")]
    [InlineData("""{"graceSeconds":"60"}""", "graceSeconds")]
    [InlineData("""{"grace":60}""", "grace")]
    [InlineData("[]", "body")]
    public async Task A_field_that_is_wrong_is_named(string json, string place)
    {
        var (id, token) = await host.KeyAsync();
        var answer = (await host.As(host.Owner).PostAsync($"{Keys}/{id}/rotate", json)).MustRefuse(400, "request_invalid");

        Assert.Contains(place, answer.String("message"), StringComparison.Ordinal);
        (await host.As(token).GetAsync("/auth/me")).Must(200);
    }
}

public sealed class RotationOnHeldFacts(HoldingHost host) : RotationTests(host), IClassFixture<HoldingHost>;

public sealed class RotationAskingEachTime(AskingHost host) : RotationTests(host), IClassFixture<AskingHost>;
