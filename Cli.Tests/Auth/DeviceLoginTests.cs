namespace ControlPlane.Auth;

/// <summary>Logging in without a token in hand, and letting others in.</summary>
public sealed class DeviceLoginTests : CliTest
{
    public DeviceLoginTests() => Variables["ARCHAL_TOKEN"] = null;

    [Fact]
    public async Task A_device_that_is_let_in_stores_its_token()
    {
        Server.Devices.Errors.Enqueue("authorization_pending");

        var outcome = (await RunAsync("login", "--device")).Good();

        Assert.Contains("/device and enter the code BCDF-GHJK", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("Logged in as", outcome.Output, StringComparison.Ordinal);
        Assert.Contains(Server.Devices.Token, await File.ReadAllTextAsync(CredentialsPath), StringComparison.Ordinal);
        Assert.Equal(["POST /auth/device", "POST /auth/device/token", "POST /auth/device/token", "GET /auth/me"], Server.Asked);
        Assert.Contains("archal on ", Server.Calls.First().Body, StringComparison.Ordinal);
        (await RunAsync("whoami")).Good();
    }

    [Theory]
    [InlineData("access_denied")]
    [InlineData("expired_token")]
    [InlineData("invalid_grant")]
    public async Task One_that_is_not_is_told_and_stores_nothing(string error)
    {
        Server.Devices.Errors.Enqueue(error);

        var outcome = await RunAsync("login", "--no-browser");

        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.EndsWith("archal: Says why.\n", outcome.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(CredentialsPath));
    }

    [Fact]
    public async Task Told_to_slow_down_it_asks_less_often()
    {
        Server.Devices.Errors.Enqueue("slow_down");
        var started = TimeProvider.System.GetTimestamp();

        (await RunAsync("login", "--device")).Good();

        Assert.True(TimeProvider.System.GetElapsedTime(started) >= TimeSpan.FromSeconds(7));
    }

    [Fact]
    public async Task Nobody_came_in_time()
    {
        (Server.Devices.IsLetIn, Server.Devices.ExpiresIn) = (false, 2);

        var outcome = await RunAsync("login", "--device");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("Nobody let this device in in time", outcome.Errors, StringComparison.Ordinal);
    }

    [LinuxFact]
    public async Task Interrupted_it_leaves_nothing_behind()
    {
        Server.Devices.IsLetIn = false;
        using var archal = StartDetached("login", "--device");
        while (!Server.Asked.Contains("POST /auth/device/token"))
        {
            await Task.Yield();
        }

        archal.Signal("INT");
        var outcome = Checked(await archal.EndAsync());

        Assert.NotEqual(0, outcome.ExitCode);
        Assert.DoesNotContain("   at ", outcome.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Home));
    }

    [Fact]
    public async Task Whoever_lets_a_device_in_says_so_twice()
    {
        LogInByFile(Server.UserToken);
        File.SetUnixFileMode(CredentialsPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        var asked = await RunAsync("device", "approve", "BCDF-GHJK");
        Assert.Equal(2, asked.ExitCode);
        Assert.Contains("laptop, from 192.0.2.7, asks to act as you in ws-one", asked.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("\"approve\"", string.Concat(Server.Calls.Select(call => call.Body)), StringComparison.Ordinal);

        Assert.Contains("is let in", (await RunAsync("device", "approve", "BCDF-GHJK", "--yes")).Good().Output, StringComparison.Ordinal);
        Assert.Contains("is refused", (await RunAsync("device", "deny", "BCDF-GHJK")).Good().Output, StringComparison.Ordinal);
        Assert.Equal(
            ["""{"user_code":"BCDF-GHJK","decision":"approve"}""", """{"user_code":"BCDF-GHJK","decision":"deny"}"""], Server.Calls.TakeLast(2).Select(call => call.Body));
    }
}
