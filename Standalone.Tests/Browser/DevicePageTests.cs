using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ControlPlane.Running;

namespace ControlPlane.Browser;

/// <summary>The <c>/device</c> page of contract 2.8 in a real browser, as the person who lets a device in presses it.</summary>
public sealed class DevicePageTests(SharedProgram shared, Chromium chromium) : IClassFixture<SharedProgram>, IClassFixture<Chromium>
{
    [Fact]
    public async Task Two_presses_let_a_device_in_and_nothing_is_kept_in_the_browser()
    {
        var login = await BeginAsync("laptop of Ada");
        var page = await chromium.OpenAsync();
        await page.GoAsync($"{shared.Program.Url}device");
        Assert.Equal("Log in a device", await page.ReadAsync("document.title"));

        await page.TypeAsync("#user_code", Other(login.UserCode));
        await page.TypeAsync("#token", shared.Program.OwnerToken);
        await page.PressAsync("button");
        Assert.NotEqual("null", await page.ReadAsync("document.querySelector('[role=alert]')?.innerText"));
        Assert.Equal("", await page.ReadAsync("document.querySelector('#token').value"));
        await NothingIsKeptAsync(page);

        // The first press says who asks, and lets nobody in.
        await page.TypeAsync("#user_code", login.UserCode);
        await page.TypeAsync("#token", shared.Program.OwnerToken);
        await page.PressAsync("button");
        var asks = await page.TextAsync();
        Assert.All((string[])[login.UserCode, "laptop of Ada", "127.0.0.1", Tenant.Workspace], said => Assert.Contains(said, asks, StringComparison.Ordinal));
        Assert.DoesNotContain(shared.Program.OwnerToken, asks, StringComparison.Ordinal);
        using (var early = await PollAsync(login.DeviceCode))
        {
            Assert.Equal(HttpStatusCode.PreconditionRequired, early.StatusCode);
        }

        await NothingIsKeptAsync(page);
        await page.PressAsync("button[value=approve]");
        Assert.Contains("The device is let in", await page.TextAsync(), StringComparison.Ordinal);
        await NothingIsKeptAsync(page);

        using var answer = await PollAsync(login.DeviceCode);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var token = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString()!;
        await shared.Program.CallAsync(HttpMethod.Get, "/auth/me", token);
        Assert.Empty(page.Complaints);
        Assert.All(page.Asked, url => Assert.Equal($"{shared.Program.Url}device", url));
    }

    [Fact]
    public async Task A_device_can_be_refused_from_the_address_that_it_shows()
    {
        var login = await BeginAsync("<b>someone else</b>");
        var page = await chromium.OpenAsync();
        await page.GoAsync(login.Complete);
        Assert.Equal(login.UserCode, await page.ReadAsync("document.querySelector('#user_code').value"));

        await page.TypeAsync("#token", shared.Program.OwnerToken);
        await page.PressAsync("button");
        Assert.Contains("<b>someone else</b>", await page.TextAsync(), StringComparison.Ordinal);
        await page.PressAsync("button[value=deny]");

        Assert.Contains("The device is refused", await page.TextAsync(), StringComparison.Ordinal);
        using var answer = await PollAsync(login.DeviceCode);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("access_denied", answer.Headers.GetValues("x-route-error").Single());
        await NothingIsKeptAsync(page);
    }

    /// <summary>Its own style is shown, so its policy lets that in; there is no script, no cookie, and nothing in any storage.</summary>
    private static async Task NothingIsKeptAsync(BrowserPage page)
    {
        Assert.Equal("12px", await page.ReadAsync("getComputedStyle(document.querySelector('main')).borderTopLeftRadius"));
        Assert.Equal("0", await page.ReadAsync("document.scripts.length + localStorage.length + sessionStorage.length + document.cookie.length"));
        Assert.Equal("0", await page.ReadAsync("(async () => (await indexedDB.databases()).length + (await navigator.serviceWorker?.getRegistrations() ?? []).length)()"));
        Assert.Equal(0, await page.CookiesAsync());
    }

    private async Task<(string DeviceCode, string UserCode, string Complete)> BeginAsync(string name)
    {
        using var client = shared.Program.Client();
        using var answer = await client.PostAsJsonAsync("/auth/device", new { client_name = name });
        var login = await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
        string Text(string field) => login.GetProperty(field).GetString()!;
        return (Text("device_code"), Text("user_code"), Text("verification_uri_complete"));
    }

    private async Task<HttpResponseMessage> PollAsync(string code)
    {
        using var client = shared.Program.Client();
        return await client.PostAsJsonAsync("/auth/device/token", new { device_code = code });
    }

    /// <summary>A code that differs in its first letter.</summary>
    private static string Other(string code) => (code[0] == 'B' ? 'C' : 'B') + code[1..];
}
