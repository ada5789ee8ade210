using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using ControlPlane.Credentials;
using ControlPlane.Hosting;

namespace ControlPlane.Logins;

/// <summary>The device login over HTTP, in both of its dialects.</summary>
public abstract class DeviceLoginTests(ManagementHost host)
{
    private const string Grant = "urn:ietf:params:oauth:grant-type:device_code";

    [Fact]
    public async Task It_begins_without_a_credential_and_says_where_to_go()
    {
        var begun = (await host.As(null).PostAsync("/auth/device", """{"client_name":"a laptop","else":1}""")).Must(200);

        Assert.Matches("^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$", begun.String("user_code"));
        Assert.Matches(@"^[A-Z]{8}\.[A-Za-z0-9_-]{43}$", begun.String("device_code"));
        Assert.Equal($"{host.Address}device", begun.String("verification_uri"));
        Assert.Equal($"{host.Address}device?user_code={begun.String("user_code")}", begun.String("verification_uri_complete"));
        Assert.Equal((600, 5), (begun["expires_in"].GetInt32(), begun["interval"].GetInt32()));
        Assert.Equal("no-store", begun.Headers["Cache-Control"]);
        (await host.As(null).PostAsync("/auth/device")).Must(200);
        (await FormAsync("/auth/device", ("client_id", "archal"), ("scope", ""))).Must(200);
        (await host.As(null).PostAsync("/auth/device", $$"""{"client_name":"{{new string('x', 101)}}"}""")).MustRefuse(400, "request_invalid");
    }

    [Fact]
    public async Task In_the_published_dialect_it_is_pending_then_a_token_then_nothing()
    {
        var begun = await BeginAsync();
        (await PollAsync(begun)).MustRefuse(428, "authorization_pending");

        (await DecideAsync(host.Member, begun, "approve")).Must(200);
        var granted = (await PollAsync(begun)).Must(200);

        var token = host.Known(granted.String("token"));
        Assert.StartsWith("archal_login_", token, StringComparison.Ordinal);
        Assert.Equal((token, "bearer", ManagementHost.Main), (granted.String("access_token"), granted.String("token_type"), granted.String("workspace")));
        Assert.InRange(granted["expires_in"].GetInt64(), (30 * 86_400) - 60, 30 * 86_400);
        Assert.Equal("no-store", granted.Headers["Cache-Control"]);
        var me = (await host.As(token).GetAsync("/auth/me")).Must(200);
        Assert.Equal(("cid", "login", "member"), (me.String("userId"), me.String("credentialKind"), me.String("role")));
        (await host.As(token).PostAsync("/api/sessions", """{"clones":["github"]}""")).Must(200);
        (await PollAsync(begun)).MustRefuse(400, "invalid_grant");
    }

    [Fact]
    public async Task In_the_dialect_of_the_rfc_its_errors_are_the_rfcs()
    {
        var begun = await BeginAsync();
        MustBeRfc(await RfcAsync(begun), "authorization_pending");
        MustBeRfc(await RfcAsync(begun), "slow_down");
        MustBeRfc(await host.As(null).PostAsync("/auth/device/token", JsonSerializer.Serialize(new { grant_type = Grant, device_code = begun })), "slow_down");
        MustBeRfc(await FormAsync("/auth/device/token", ("device_code", begun)), "invalid_request");
        MustBeRfc(await FormAsync("/auth/device/token", ("grant_type", Grant)), "invalid_request");
        MustBeRfc(await FormAsync("/auth/device/token", ("grant_type", "password"), ("device_code", begun)), "unsupported_grant_type");
        MustBeRfc(await RfcAsync(DeviceCode.Create("BCDFGHJK").Text), "invalid_grant");
        MustBeRfc(await RfcAsync("not a code"), "invalid_grant");

        (await DecideAsync(host.Member, begun, "deny")).Must(200);
        MustBeRfc(await RfcAsync(begun), "access_denied");

        var other = await BeginAsync();
        (await DecideAsync(host.Member, other, "approve")).Must(200);
        host.Known((await RfcAsync(other)).Must(200).String("access_token"));
        MustBeRfc(await RfcAsync(other), "invalid_grant");
    }

    [Fact]
    public async Task Wrong_codes_are_400_in_the_published_dialect()
    {
        (await PollAsync(DeviceCode.Create("BCDFGHJK").Text)).MustRefuse(400, "invalid_grant");
        (await PollAsync("")).MustRefuse(400, "invalid_grant");
        (await host.As(null).PostAsync("/auth/device/token", "{}")).MustRefuse(400, "request_invalid");
        var begun = await BeginAsync();
        (await DecideAsync(host.Member, begun, "deny")).Must(200);
        (await PollAsync(begun)).MustRefuse(400, "access_denied");
    }

    [Fact]
    public async Task Whoever_decides_sees_who_asks_and_needs_a_users_credential()
    {
        var begun = await BeginAsync();
        var shown = (await DecideAsync(host.Member, begun, null)).Must(200);

        Assert.Equal(("pending", "a laptop", "127.0.0.1", ManagementHost.Main),
            (shown.String("status"), shown.String("client_name"), shown.String("address"), shown.String("workspace")));
        Assert.InRange(shown["expires_in"].GetInt32(), 500, 600);
        (await DecideAsync(null, begun, "approve")).MustRefuse(401, "credential_missing");
        (await DecideAsync(host.Key, begun, "approve")).MustRefuse(403, "role_missing");
        (await DecideAsync(host.Member, begun, "perhaps")).MustRefuse(400, "request_invalid");
        (await PollAsync(begun)).MustRefuse(428, "authorization_pending");
    }

    [Fact]
    public async Task A_decision_stands_and_what_waits_under_no_code_is_404()
    {
        var begun = await BeginAsync();
        Assert.Equal("approved", (await DecideAsync(host.Member, begun, "approve")).Must(200).String("status"));
        Assert.Equal("approved", (await DecideAsync(host.Member, begun, "approve")).Must(200).String("status"));
        (await DecideAsync(host.Member, begun, "deny")).MustRefuse(404, "not_found");
        (await DecideAsync(host.Owner, begun, "approve")).MustRefuse(404, "not_found");
    }

    [Fact]
    public async Task Who_loses_the_membership_loses_the_login()
    {
        var token = await host.CredentialAsync(CredentialKind.Personal, ManagementHost.Main, "bob");
        var begun = await BeginAsync();
        (await DecideAsync(token, begun, "approve")).Must(200);
        var login = host.Known((await PollAsync(begun)).Must(200).String("token"));
        (await host.As(login).GetAsync("/api/sessions")).Must(200);

        (await host.As(host.Owner).DeleteAsync($"/api/workspaces/{ManagementHost.Main}/members/bob")).Must(204);

        (await host.As(login).GetAsync("/api/sessions")).MustRefuse(403, "role_missing");
    }

    [Fact]
    public async Task A_device_code_that_leaks_after_the_login_gives_nobody_its_token()
    {
        var begun = await BeginAsync();
        (await DecideAsync(host.Member, begun, "approve")).Must(200);
        var token = host.Known((await PollAsync(begun)).Must(200).String("token"));

        // All that the code itself can give: the bytes in it, through the derivation that anybody can read in the source.
        var made = Token.Derive(CredentialKind.Login, HKDF.Expand(
            HashAlgorithmName.SHA256, Base64Url.DecodeFromChars(begun.AsSpan(9)), 256, "archal device login"u8.ToArray()));

        (await host.As(token).GetAsync("/auth/me")).Must(200);
        (await host.As(made).GetAsync("/auth/me")).MustRefuse(401, "credential_invalid");
        (await PollAsync(begun)).MustRefuse(400, "invalid_grant");
    }

    private async Task<string> BeginAsync() => host.Known(
        (await host.As(null).PostAsync("/auth/device", """{"client_name":"a laptop"}""")).Must(200).String("device_code"));

    private Task<Answer> PollAsync(string device) => host.As(null).PostAsync("/auth/device/token", JsonSerializer.Serialize(new { device_code = device }));

    private Task<Answer> RfcAsync(string device) => FormAsync("/auth/device/token", ("grant_type", Grant), ("device_code", device), ("client_id", "archal"));

    private async Task<Answer> FormAsync(string target, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        return await host.As(null).SendAsync("POST", target, form);
    }

    private Task<Answer> DecideAsync(string? token, string device, string? decision) =>
        host.As(token).PostAsync("/auth/device/approval", JsonSerializer.Serialize(new { user_code = UserCode.Shown(device[..8]), decision }));

    private static void MustBeRfc(Answer answer, string error)
    {
        Assert.Equal(error, answer.Must(400).String("error"));
        Assert.Equal(["error", "error_description"], answer.Json.EnumerateObject().Select(field => field.Name));
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
    }
}

public sealed class HoldingDeviceLoginTests(HoldingHost host) : DeviceLoginTests(host), IClassFixture<HoldingHost>;

public sealed class AskingDeviceLoginTests(AskingHost host) : DeviceLoginTests(host), IClassFixture<AskingHost>;
