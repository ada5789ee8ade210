using System.Text.Json;

namespace ControlPlane.Auth;

public sealed class LoginTests : CliTest
{
    public LoginTests() => Variables["ARCHAL_TOKEN"] = null;

    private string StoredToken => JsonDocument.Parse(File.ReadAllText(CredentialsPath)).RootElement.GetProperty("token").GetString()!;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_good_token_is_stored_for_its_owner_alone(bool fromInput)
    {
        Variables["ARCHAL_TOKEN"] = null;
        var home = Path.Combine(Home, "new", "folder");
        Variables["ARCHAL_HOME"] = home;

        var outcome = fromInput
            ? await RunAsync(["login", "--token", "-"], Server.UserToken + "\n")
            : await RunAsync("login", "--token", Server.UserToken);

        Assert.Contains("ada@example.com", outcome.Good().Output, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(home, "credentials.json")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(home));
        (await RunAsync("whoami")).Good();
    }

    [Fact]
    public async Task A_token_that_the_server_refuses_is_not_stored()
    {
        Variables["ARCHAL_TOKEN"] = null;

        (await RunAsync("login", "--token", Tokens.New())).Failed(1, "unknown or revoked");
        Assert.False(File.Exists(CredentialsPath));
    }

    [Fact]
    public async Task What_is_no_token_is_not_even_sent()
    {
        var almost = Server.UserToken[..^1];

        (await RunAsync("login", "--token", almost)).Failed(1, "not a token");
        (await RunAsync(["login", "--token", "-"], "")).Failed(1, "not a token");
        Assert.Empty(Server.Calls);
    }

    [Fact]
    public async Task Of_many_logins_at_once_one_wins_whole()
    {
        Variables["ARCHAL_TOKEN"] = null;
        string[] tokens = [Server.UserToken, Server.WorkspaceToken];

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 12).Select(n => RunAsync("login", "--token", tokens[n % 2])));

        Assert.All(outcomes, outcome => outcome.Good());
        Assert.Contains(StoredToken, tokens);
        Assert.Equal([Path.Combine(Home, ".credentials.json.lock"), CredentialsPath], Directory.GetFiles(Home).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_variable_goes_before_what_was_stored_and_login_says_so()
    {
        Variables["ARCHAL_TOKEN"] = Server.WorkspaceToken;

        var login = (await RunAsync("login", "--token", Server.UserToken)).Good();

        Assert.Contains("ARCHAL_TOKEN is set", login.Errors, StringComparison.Ordinal);
        Assert.Equal(Server.UserToken, StoredToken);
        var me = (await RunAsync("whoami", "--json")).Good();
        Assert.Equal("workspace_key", me.Json().GetProperty("credentialKind").GetString());
    }

    [Fact]
    public async Task Logout_forgets_and_twice_is_harmless()
    {
        Variables["ARCHAL_TOKEN"] = null;
        (await RunAsync("login", "--token", Server.UserToken)).Good();

        Assert.Contains("Logged out", (await RunAsync("logout")).Good().Output, StringComparison.Ordinal);
        Assert.Contains("Not logged in", (await RunAsync("logout")).Good().Output, StringComparison.Ordinal);
        (await RunAsync("whoami")).Failed(1, "archal login");
    }
}
