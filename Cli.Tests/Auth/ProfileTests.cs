using System.Text.Json;

namespace ControlPlane.Auth;

/// <summary>Several identities of one person, and what is configured for each.</summary>
public sealed class ProfileTests : CliTest
{
    public ProfileTests() => Variables["ARCHAL_TOKEN"] = null;

    [Fact]
    public async Task Each_profile_has_its_own_token_and_session_and_the_first_stays_where_it_was()
    {
        (await RunAsync("login", "--token", Server.UserToken)).Good();
        (await RunAsync("login", "--token", Server.WorkspaceToken, "--profile", "work")).Good();

        var stored = JsonDocument.Parse(await File.ReadAllTextAsync(CredentialsPath)).RootElement;
        Assert.Equal(Server.UserToken, stored.GetProperty("token").GetString());
        Assert.Contains("ada@example.com", (await RunAsync("whoami")).Good().Output, StringComparison.Ordinal);
        Assert.Contains("workspace_key", (await RunAsync("whoami", "--profile", "work")).Good().Output, StringComparison.Ordinal);
        Assert.Contains("ada@example.com", (await RunAsync("--profile", "default", "whoami")).Good().Output, StringComparison.Ordinal);
        Variables["ARCHAL_PROFILE"] = "work";
        Assert.Contains("workspace_key", (await RunAsync("whoami")).Good().Output, StringComparison.Ordinal);
        (await RunAsync("clone", "start", "github")).Good();
        (await RunAsync("clone", "status", "--profile", "default")).Failed(2, "No session is current");
        (await RunAsync("clone", "status")).Good();

        (await RunAsync("logout")).Good();
        (await RunAsync("whoami")).Failed(1, "Not logged in in the profile work", "archal login --profile work");
        Variables["ARCHAL_PROFILE"] = null;
        (await RunAsync("whoami")).Good();
        (await RunAsync("logout")).Good();
        Assert.False(File.Exists(CredentialsPath));
    }

    [Fact]
    public async Task A_file_of_before_there_were_profiles_is_read_and_kept()
    {
        LogInByFile(Server.UserToken);
        File.SetUnixFileMode(CredentialsPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (await RunAsync("whoami")).Good();

        (await RunAsync("login", "--token", Server.WorkspaceToken, "--profile", "work")).Good();

        Assert.Contains("ada@example.com", (await RunAsync("whoami")).Good().Output, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(CredentialsPath));
    }

    [Fact]
    public async Task Many_that_log_in_at_once_are_all_logged_in()
    {
        var profiles = Enumerable.Range(0, 12).Select(number => $"p{number}").ToArray();

        var outcomes = await Task.WhenAll(profiles.Select(profile => RunAsync("login", "--token", Server.UserToken, "--profile", profile)));

        Assert.All(outcomes, outcome => outcome.Good());
        var stored = JsonDocument.Parse(await File.ReadAllTextAsync(CredentialsPath)).RootElement.GetProperty("profiles");
        Assert.Equal(profiles.Order(StringComparer.Ordinal), stored.EnumerateObject().Select(profile => profile.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_is_configured_holds_until_a_variable_or_an_option_says_otherwise()
    {
        Variables["ARCHAL_TOKEN"] = Server.UserToken;
        Variables["ARCHAL_API_URL"] = null;
        Assert.Equal(Path.Combine(Home, "config.json"), (await RunAsync("config", "path")).Good().Lines.Single());
        (await RunAsync("config", "set", "api-url", Server.Address)).Good();
        (await RunAsync("config", "set", "workspace", "ws-two")).Good();

        (await RunAsync("whoami")).Good();
        (await RunAsync("whoami", "--workspace", "ws-three")).Good();
        Variables["ARCHAL_WORKSPACE_ID"] = "ws-four";
        (await RunAsync("whoami")).Good();
        Assert.Equal(["ws-two", "ws-three", "ws-four"], Server.Calls.Select(call => call.Workspace));

        var shown = (await RunAsync("config", "show", "--json")).Good().Json();
        Assert.Equal((Server.Address, "ws-four"), (shown.GetProperty("api-url").GetString(), shown.GetProperty("workspace").GetString()));
        Assert.Contains((await RunAsync("config", "show")).Good().Lines, line => line.Contains("ARCHAL_WORKSPACE_ID", StringComparison.Ordinal));

        (await RunAsync("config", "unset", "api-url")).Good();
        (await RunAsync("config", "unset", "workspace")).Good();
        Assert.False(File.Exists(Path.Combine(Home, "config.json")));
    }

    [Fact]
    public async Task Another_profile_has_another_configuration()
    {
        (await RunAsync("config", "set", "workspace", "ws-two", "--profile", "work")).Good();

        Assert.Equal("ws-two", (await RunAsync("config", "show", "--json", "--profile", "work")).Good().Json().GetProperty("workspace").GetString());
        Assert.Equal(JsonValueKind.Null, (await RunAsync("config", "show", "--json")).Good().Json().GetProperty("workspace").ValueKind);
    }
}
