using System.Text.Json;
using ControlPlane.Auth;
using ControlPlane.Hosting;
using ControlPlane.Users;

namespace ControlPlane.Logins;

/// <summary>What becomes of a device that was let in: its owner sees it, can end it, and the workspace's log says who let it in.</summary>
public abstract class LoginTokenTests(ManagementHost host)
{
    private const string Tokens = "/api/me/tokens";

    [Fact]
    public async Task The_login_of_a_lost_machine_is_listed_and_can_be_ended_from_elsewhere()
    {
        var user = await host.JoinAsync();
        var login = await LogInAsync(user.Token, "a lost laptop");

        var listed = Assert.Single(await ListAsync(user.Token), token => token.GetProperty("kind").GetString() == "login");
        Assert.Equal("a lost laptop", listed.GetProperty("label").GetString());
        Assert.StartsWith(listed.GetProperty("prefix").GetString()!, login, StringComparison.Ordinal);
        Assert.True(listed.TryGetProperty("expiresAt", out _));
        Assert.Equal(["login", "personal"], (await ListAsync(login)).Select(token => token.GetProperty("kind").GetString()));

        var ended = (await host.As(user.Token).DeleteAsync($"{Tokens}/{listed.GetProperty("id").GetString()}")).Must(204);

        Assert.Matches("^acknowledged=1, waited=0, ms=[0-9]+$", ended.Headers["x-archal-revocation"]);
        (await host.As(login).GetAsync("/auth/me")).MustRefuse(401, "credential_invalid");
        Assert.Equal("personal", Assert.Single(await ListAsync(user.Token)).GetProperty("kind").GetString());
    }

    [Fact]
    public async Task Nobody_sees_the_logins_of_others()
    {
        var (user, other) = (await host.JoinAsync(), await host.JoinAsync("admin"));
        await LogInAsync(user.Token, "a laptop");

        Assert.DoesNotContain(await ListAsync(other.Token), token => token.GetProperty("kind").GetString() == "login");
        Assert.DoesNotContain(await ListAsync(host.Owner), token => token.GetProperty("label").GetString() == "a laptop");
    }

    [Fact]
    public async Task Who_let_a_device_in_is_in_the_audit_log_and_so_is_its_token()
    {
        var user = await host.JoinAsync();
        var login = await LogInAsync(user.Token, "a named laptop");

        var acts = (await host.AuditAsync("?limit=200")).Where(act => act.GetProperty("actor").GetString() == $"user:{user.User}").Take(2).ToList();

        Assert.Equal(["token.create done", "login.approve done"], acts.Select(act => $"{act.GetProperty("action")} {act.GetProperty("outcome")}"));
        Assert.Equal(["a named laptop", "127.0.0.1 a named laptop"], acts.Select(act => act.GetProperty("detail").GetString()));
        Assert.All(acts, act => Assert.Equal("127.0.0.1", act.GetProperty("from").GetString()));
        Assert.Contains(acts[0].GetProperty("target").GetString()!, login, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_approval_that_was_refused_is_in_the_audit_log_and_a_look_is_not()
    {
        var user = await host.JoinAsync();
        (await DecideAsync(user.Token, "BCDF-GHJK", null)).MustRefuse(404, "not_found");
        (await DecideAsync(user.Token, "BCDF-GHJK", "deny")).MustRefuse(404, "not_found");
        (await DecideAsync(user.Token, "BCDF-GHJK", "approve")).MustRefuse(404, "not_found");
        (await PressAsync(user.Token, "BCDF-GHJK", "approve")).Must(404);

        var acts = (await host.AuditAsync("?action=login.approve&limit=200")).Where(act => act.GetProperty("actor").GetString() == $"user:{user.User}").ToList();

        Assert.Equal(["not_found", "not_found"], acts.Select(act => act.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task The_page_writes_the_same_act()
    {
        var user = await host.JoinAsync();
        var begun = (await host.As(null).PostAsync("/auth/device", """{"client_name":"at the page"}""")).Must(200);
        (await PressAsync(user.Token, begun.String("user_code"), "approve")).Must(200);

        var act = (await host.AuditAsync("?action=login.approve"))[0];

        Assert.Equal(($"user:{user.User}", "127.0.0.1 at the page", "done"), (
            act.GetProperty("actor").GetString(), act.GetProperty("detail").GetString(), act.GetProperty("outcome").GetString()));
    }

    [Fact]
    public async Task A_device_too_many_is_refused_in_both_dialects_until_another_login_has_ended()
    {
        var user = await host.JoinAsync();
        for (var made = 0; made < FewLogins.Most; made++)
        {
            await LogInAsync(user.Token, "one of many");
        }

        var device = await ApprovedAsync(user.Token, "one too many");
        var refused = (await PollAsync(device)).MustRefuse(429, "quota_exceeded");
        Assert.Contains("/api/me/tokens", refused.String("message"), StringComparison.Ordinal);
        Assert.Equal("quota_exceeded", (await PollAsync(device, DeviceTokenRequest.GrantOfDeviceCode)).Must(400).String("error"));

        var oldest = (await ListAsync(user.Token)).First(token => token.GetProperty("kind").GetString() == "login");
        (await host.As(user.Token).DeleteAsync($"{Tokens}/{oldest.GetProperty("id").GetString()}")).Must(204);
        host.Known((await PollAsync(device)).Must(200).String("token"));
    }

    private async Task<string> LogInAsync(string token, string name) =>
        host.Known((await PollAsync(await ApprovedAsync(token, name))).Must(200).String("token"));

    private async Task<string> ApprovedAsync(string token, string name)
    {
        var begun = (await host.As(null).PostAsync("/auth/device", JsonSerializer.Serialize(new { client_name = name }))).Must(200);
        (await DecideAsync(token, begun.String("user_code"), "approve")).Must(200);
        return host.Known(begun.String("device_code"));
    }

    private Task<Answer> PollAsync(string device, string? grant = null) => host.As(null).PostAsync(
        "/auth/device/token", JsonSerializer.Serialize(new Dictionary<string, string?> { ["device_code"] = device, ["grant_type"] = grant }));

    private async Task<List<JsonElement>> ListAsync(string token) => [.. (await host.As(token).GetAsync(Tokens)).Must(200)["tokens"].EnumerateArray()];

    private Task<Answer> DecideAsync(string token, string code, string? decision) =>
        host.As(token).PostAsync("/auth/device/approval", JsonSerializer.Serialize(new { user_code = code, decision }));

    private async Task<Answer> PressAsync(string token, string code, string decision)
    {
        using var form = new FormUrlEncodedContent(
            [KeyValuePair.Create("user_code", code), KeyValuePair.Create("token", token), KeyValuePair.Create("decision", decision)]);
        return await host.As(null).SendAsync("POST", "/device", form);
    }
}

internal static class FewLogins
{
    public const int Most = 3;

    public static UserOptions Users => new() { MaxLogins = Most };
}

public sealed class HoldingFewLogins : HoldingHost
{
    private protected override UserOptions Users => FewLogins.Users;
}

public sealed class AskingFewLogins : AskingHost
{
    private protected override UserOptions Users => FewLogins.Users;
}

public sealed class HoldingLoginTokenTests(HoldingFewLogins host) : LoginTokenTests(host), IClassFixture<HoldingFewLogins>;

public sealed class AskingLoginTokenTests(AskingFewLogins host) : LoginTokenTests(host), IClassFixture<AskingFewLogins>;
