using System.Diagnostics;

namespace ControlPlane.Auth;

/// <summary>A stored token that somebody else could have read or put there is not used, and the way out is told.</summary>
public sealed class CredentialsFileTests : CliTest
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    public async Task One_that_others_can_read_is_refused_and_the_told_command_mends_it()
    {
        LogIn(OwnerOnly | UnixFileMode.OtherRead);

        (await RunAsync("whoami")).Failed(1, $"chmod 600 {CredentialsPath}");

        File.SetUnixFileMode(CredentialsPath, OwnerOnly);
        (await RunAsync("whoami")).Good();
    }

    [Fact]
    public async Task One_that_the_group_can_read_is_refused()
    {
        LogIn(OwnerOnly | UnixFileMode.GroupRead);

        (await RunAsync("whoami")).Failed(1, "chmod 600");
        Assert.Empty(Server.Calls);
    }

    [Fact]
    public async Task A_link_is_refused_even_to_a_good_file()
    {
        LogIn(OwnerOnly);
        var target = Path.Combine(Home, "elsewhere.json");
        File.Move(CredentialsPath, target);
        File.CreateSymbolicLink(CredentialsPath, target);

        (await RunAsync("whoami")).Failed(1, "is a link", $"rm {CredentialsPath}");
    }

    [Fact]
    public async Task Login_replaces_a_link_and_leaves_what_it_led_to()
    {
        Variables["ARCHAL_TOKEN"] = null;
        var target = Path.Combine(Home, "elsewhere.json");
        await File.WriteAllTextAsync(target, "untouched");
        File.CreateSymbolicLink(CredentialsPath, target);

        (await RunAsync("login", "--token", Server.UserToken)).Good();

        Assert.Null(new FileInfo(CredentialsPath).LinkTarget);
        Assert.Equal("untouched", await File.ReadAllTextAsync(target));
    }

    [RootFact]
    public async Task One_of_another_user_is_refused()
    {
        LogIn(OwnerOnly);
        using var chown = Process.Start("chown", ["65534", CredentialsPath]);
        await chown.WaitForExitAsync();

        (await RunAsync("whoami")).Failed(1, "belongs to another user", "chown");
    }

    [Fact]
    public async Task A_folder_that_others_can_write_in_is_refused()
    {
        LogIn(OwnerOnly);
        File.SetUnixFileMode(Home, File.GetUnixFileMode(Home) | UnixFileMode.OtherWrite);

        (await RunAsync("whoami")).Failed(1, $"chmod 700 {Home}");
        (await RunAsync("login", "--token", Server.UserToken)).Failed(1, "chmod 700");
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("""{"token":"something else"}""")]
    public async Task One_that_holds_no_token_says_how_to_log_in(string content)
    {
        LogIn(OwnerOnly);
        await File.WriteAllTextAsync(CredentialsPath, content);

        (await RunAsync("whoami")).Failed(1, "archal login --token -");
    }

    private void LogIn(UnixFileMode mode)
    {
        Variables["ARCHAL_TOKEN"] = null;
        LogInByFile(Server.UserToken);
        File.SetUnixFileMode(CredentialsPath, mode);
    }
}
