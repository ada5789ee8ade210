using System.Net;
using System.Text.RegularExpressions;
using ControlPlane.Credentials;
using ControlPlane.Hosting;

namespace ControlPlane.Logins;

/// <summary>The page on which a person lets a device in, as a browser without scripts meets it.</summary>
public sealed class DevicePageTests : IAsyncLifetime
{
    private readonly HoldingHost _host = new();

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Two_presses_let_a_device_in()
    {
        var (device, code) = await BeginAsync("a <b>laptop</b>");
        Assert.Contains($"value=\"{code}\"", (await _host.As(null).GetAsync($"/device?user_code={code}")).Must(200).Text, StringComparison.Ordinal);

        var who = (await PressAsync(code.ToLowerInvariant(), _host.Member)).Must(200);
        Assert.Contains("a &lt;b&gt;laptop&lt;/b&gt;", who.Text, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1", who.Text, StringComparison.Ordinal);
        (await PollAsync(device)).MustRefuse(428, "authorization_pending");

        Assert.Contains("The device is let in", (await PressAsync(Hidden(who, "user_code"), Hidden(who, "token"), "approve")).Must(200).Text, StringComparison.Ordinal);
        _host.Known((await PollAsync(device)).Must(200).String("token"));
    }

    [Fact]
    public async Task One_press_refuses_it_and_none_is_remembered()
    {
        var (device, code) = await BeginAsync("a laptop");

        Assert.Contains("The device is refused", (await PressAsync(code, _host.Member, "deny")).Must(200).Text, StringComparison.Ordinal);

        (await PollAsync(device)).MustRefuse(400, "access_denied");
    }

    [Fact]
    public async Task It_cannot_be_framed_cached_scripted_or_made_to_send_elsewhere()
    {
        foreach (var answer in new[] { await _host.As(null).GetAsync("/device"), await PressAsync("BCDF-GHJK", _host.Member), await PressAsync("", "") })
        {
            var policy = answer.Headers["Content-Security-Policy"];
            Assert.StartsWith("default-src 'none'; style-src 'sha256-", policy, StringComparison.Ordinal);
            Assert.All((string[])["form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"], part => Assert.Contains(part, policy, StringComparison.Ordinal));
            Assert.Equal(("no-store", "no-referrer", "nosniff", "DENY"), (
                answer.Headers["Cache-Control"], answer.Headers["Referrer-Policy"], answer.Headers["X-Content-Type-Options"], answer.Headers["X-Frame-Options"]));
            Assert.False(answer.Headers.ContainsKey("Set-Cookie"));
            Assert.DoesNotContain("<script", answer.Text, StringComparison.OrdinalIgnoreCase);
        }

        var hostile = (await _host.As(null).GetAsync("/device?user_code=%22%3E%3Cscript%3E")).Must(200);
        Assert.DoesNotContain("<script", hostile.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_wrong_token_is_told_so_and_five_of_them_kill_the_code()
    {
        var (device, code) = await BeginAsync("a laptop");
        for (var tries = 0; tries < LoginState.MostWrongTries; tries++)
        {
            var wrong = (await PressAsync(code, Token.Create(CredentialKind.Personal, Token.NewId()), "approve")).Must(401);
            Assert.Contains("This token is not good", wrong.Text, StringComparison.Ordinal);
        }

        (await PressAsync(code, _host.Member, "approve")).Must(404);
        (await PollAsync(device)).MustRefuse(400, "expired_token");
    }

    [Fact]
    public async Task A_key_is_no_person()
    {
        var (device, code) = await BeginAsync("a laptop");

        (await PressAsync(code, _host.Key, "approve")).Must(403);

        (await PollAsync(device)).MustRefuse(428, "authorization_pending");
    }

    [Fact]
    public async Task An_address_with_ten_wrong_tries_waits()
    {
        var (_, code) = await BeginAsync("a laptop");
        for (var tries = 0; tries < 10; tries++)
        {
            (await PressAsync("BCDF-GHJK", _host.Member)).Must(404);
        }

        var late = (await PressAsync(code, _host.Member, "approve")).Must(429);
        Assert.InRange(int.Parse(late.Headers["Retry-After"], null), 1, 600);
        (await _host.As(_host.Member).PostAsync("/auth/device/approval", $$"""{"user_code":"{{code}}"}""")).MustRefuse(429, "too_many_requests");
    }

    [Fact]
    public async Task An_address_begins_so_many_logins_and_no_more()
    {
        for (var begun = 0; begun < 30; begun++)
        {
            (await _host.As(null).PostAsync("/auth/device")).Must(200);
        }

        Assert.NotEmpty((await _host.As(null).PostAsync("/auth/device")).MustRefuse(429, "too_many_requests").Headers["Retry-After"]);
    }

    private async Task<(string Device, string Code)> BeginAsync(string name)
    {
        var begun = (await _host.As(null).PostAsync("/auth/device", $$"""{"client_name":"{{name}}"}""")).Must(200);
        return (_host.Known(begun.String("device_code")), begun.String("user_code"));
    }

    private Task<Answer> PollAsync(string device) => _host.As(null).PostAsync("/auth/device/token", $$"""{"device_code":"{{device}}"}""");

    private async Task<Answer> PressAsync(string code, string token, string? decision = null)
    {
        using var form = new FormUrlEncodedContent(
            new[] { ("user_code", code), ("token", token), ("decision", decision ?? "") }.Select(field => KeyValuePair.Create(field.Item1, field.Item2)));
        return await _host.As(null).SendAsync("POST", "/device", form);
    }

    private static string Hidden(Answer page, string name) =>
        WebUtility.HtmlDecode(Regex.Match(page.Text, $"name=\"{name}\" value=\"([^\"]*)\"").Groups[1].Value);
}
