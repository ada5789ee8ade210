using System.Net;
using System.Runtime.Versioning;
using System.Text.Json;
using System.Text.RegularExpressions;
using ControlPlane.Credentials;
using ControlPlane.Running;

namespace ControlPlane.Start;

/// <summary>What a new user meets: an empty directory, a greeting, and a line to paste.</summary>
[SupportedOSPlatform("linux")]
public sealed partial class FirstStartTests
{
    private const UnixFileMode OwnerAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    public async Task The_owners_token_is_in_a_file_of_mode_0600_and_nowhere_else()
    {
        using var data = new DataFolder();
        string token;
        await using (var program = await StandaloneProcess.StartAsync(data.Path))
        {
            token = program.OwnerToken;
            Assert.True(Token.TryParse(token, out var kind, out _));
            Assert.Equal(CredentialKind.Personal, kind);
            Assert.Equal(OwnerAlone, File.GetUnixFileMode(Path.Combine(data.Path, "owner.token")));

            using var client = program.Client(token);
            using var me = await client.GetAsync("/auth/me");
            Assert.Equal(HttpStatusCode.OK, me.StatusCode);
            Assert.Equal(0, await program.TerminateAsync());
            Assert.DoesNotContain(token, program.Greeting + program.Log, StringComparison.Ordinal);
        }

        foreach (var file in Directory.EnumerateFiles(data.Path, "*", SearchOption.AllDirectories).Where(file =>
            !file.EndsWith("owner.token", StringComparison.Ordinal)))
        {
            Assert.DoesNotContain(token, await File.ReadAllTextAsync(file), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_holds_secrets_is_readable_by_its_owner_alone()
    {
        // A directory that was there before, open to all.
        using var data = new DataFolder();
        File.SetUnixFileMode(data.Path, (UnixFileMode)0b111_101_101);
        await using var program = await StandaloneProcess.StartAsync(data.Path);
        await program.StartSessionAsync();

        Assert.All(Directory.GetFiles(data.Path, "control.db*"), file => Assert.Equal(OwnerAlone, File.GetUnixFileMode(file)));
    }

    [Fact]
    public async Task A_data_directory_that_it_makes_is_its_owners_alone()
    {
        using var data = new DataFolder();
        var directory = Path.Combine(data.Path, "deep", "down");
        await using var program = await StandaloneProcess.StartAsync(directory);

        Assert.Equal(OwnerAlone | UnixFileMode.UserExecute, File.GetUnixFileMode(directory));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("with a space, an owner's quote and $(a command)")]
    public async Task The_line_of_the_greeting_starts_a_session_when_pasted(string name)
    {
        using var data = new DataFolder();
        await using var program = await StandaloneProcess.StartAsync(Path.Combine(data.Path, name));

        var (exitCode, output, error) = await Bash.RunAsync(PastedLine().Match(program.Greeting).Value);

        Assert.True(exitCode == 0, error);
        var session = JsonDocument.Parse(output).RootElement;
        Assert.Equal("running", session.GetProperty("status").GetString());
        using var client = program.Client(program.OwnerToken);
        using var root = await client.GetAsync(session.GetProperty("apiBaseUrls").GetProperty("github").GetString());
        Assert.Equal(HttpStatusCode.OK, root.StatusCode);
    }

    [Fact]
    public async Task A_localhost_port_of_0_is_one_that_is_free_on_both_loopbacks()
    {
        await using var program = await StandaloneProcess.StartAsync(null, "--urls", "http://localhost:0");
        Assert.Equal("localhost", program.Url.Host);

        foreach (var loopback in (string[])["127.0.0.1", "[::1]"])
        {
            using var client = new HttpClient();
            using var live = await client.GetAsync(new Uri($"http://{loopback}:{program.Url.Port}/health/live"));
            Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        }
    }

    [Fact]
    public async Task Help_is_help_and_starts_nothing()
    {
        var (exitCode, output, error) = await StandaloneProcess.RunAsync("--help");

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("--insecure", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_first_start_that_was_cut_at_any_point_is_finished_by_the_next()
    {
        for (var round = 0; round < 6; round++)
        {
            // Cut when one more of the things that it makes is there.
            using var folder = new DataFolder();
            await CutAsync(folder, made: round);

            await using var program = await StandaloneProcess.StartAsync(folder.Path);
            using var client = program.Client(program.OwnerToken);
            using var workspaces = await client.GetAsync("/api/workspaces");
            Assert.Equal(HttpStatusCode.OK, workspaces.StatusCode);
        }
    }

    private static async Task CutAsync(DataFolder folder, int made)
    {
        using var process = StandaloneProcess.Launch(["--urls", "http://127.0.0.1:0", "--data", folder.Path]);
        await Until.TrueAsync("it has made something", () => Task.FromResult(
            process.HasExited || Directory.GetFileSystemEntries(folder.Path).Length > made || File.Exists(
                Path.Combine(folder.Path, "owner.token"))));
        process.Kill();
        await process.WaitForExitAsync();
    }

    [GeneratedRegex("(?m)^ *curl .*$")]
    private static partial Regex PastedLine();
}
