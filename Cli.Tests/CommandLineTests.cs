namespace ControlPlane;

public sealed class CommandLineTests : CliTest
{
    public static TheoryData<string> EveryCommand =>
    [
        "member", "member list", "member invite", "member accept", "member invitations", "member uninvite", "member role", "member remove", "token create", "token list", "token revoke",
        "workspace create", "workspace list", "workspace rename", "workspace use", "audit", "usage", "trace", "inspect", "inspect session", "inspect run",
        "login", "logout", "whoami", "device", "device approve", "device deny", "config", "config show", "config set", "config unset", "config path", "workspace", "workspace api-key", "workspace api-key create", "workspace api-key rotate", "workspace api-key revoke",
        "workspace api-keys", "clone", "clone start", "clone status", "clone list", "clone attach", "clone renew", "clone seed", "clone reset", "clone tools", "clone stop",
        "twin start", "twin seed", "twin reset", "twin tools", "completion", "run", "admin", "admin status", "admin gateways", "admin gateways evict", "admin workers drain", "admin sessions why",
        "admin backup", "admin restore",
    ];

    [Theory]
    [MemberData(nameof(EveryCommand))]
    public async Task Every_command_has_help_with_an_example(string command)
    {
        var help = (await RunAsync([.. command.Split(' '), "--help"])).Good();

        var examples = help.Lines.SkipWhile(line => line != "Examples:").Skip(1).ToArray();
        Assert.NotEmpty(examples);
        Assert.All(examples, example => Assert.Contains("archal ", example, StringComparison.Ordinal));
        Assert.Empty(Server.Calls);
    }

    [Fact]
    public async Task Alone_it_shows_its_help() => Assert.Contains("Commands:", (await RunAsync()).Good().Output, StringComparison.Ordinal);

    [Fact]
    public async Task The_version_is_a_number() => Assert.True(Version.TryParse((await RunAsync("--version")).Good().Output, out _));

    [Theory]
    [InlineData("nonsense")]
    [InlineData("member invite a@example.com --role boss")]
    [InlineData("member role user-1 boss")]
    [InlineData("member remove a/b")]
    [InlineData("member uninvite a/b")]
    [InlineData("workspace use a/b")]
    [InlineData("token revoke a/b")]
    [InlineData("audit --limit 0")]
    [InlineData("trace -n 0")]
    [InlineData("inspect session")]
    [InlineData("inspect run a/b")]
    [InlineData("usage --from yesterday")]
    [InlineData("workspace create")]
    [InlineData("workspace")]
    [InlineData("login")]
    [InlineData("login --device --token -")]
    [InlineData("whoami --profile a/b")]
    [InlineData("config set nonsense x")]
    [InlineData("config set api-url nowhere")]
    [InlineData("config set workspace a/b")]
    [InlineData("config unset nonsense")]
    [InlineData("device approve")]
    [InlineData("completion tcsh")]
    [InlineData("clone start")]
    [InlineData("clone start github --no-such-option")]
    [InlineData("clone start --all github")]
    [InlineData("clone start github slack --seed-file state.json")]
    [InlineData("clone start github --seed-file no-such-file.json")]
    [InlineData("clone seed github")]
    [InlineData("clone seed github empty --file state.json")]
    [InlineData("clone seed github --file no-such-file.json --session ses-1")]
    [InlineData("clone tools a/b")]
    [InlineData("clone start github --ttl-seconds soon")]
    [InlineData("clone start github --seed small-project")]
    [InlineData("clone start github --seed slack:empty")]
    [InlineData("clone start github --seed github:empty --seed github:empty")]
    [InlineData("clone start github --label ticket")]
    [InlineData("clone start github --env --json")]
    [InlineData("clone list --limit 0")]
    [InlineData("clone attach ../../auth/me")]
    [InlineData("clone stop ses-1 --session ses-2")]
    [InlineData("clone status")]
    [InlineData("workspace api-key revoke a/b")]
    [InlineData("run")]
    [InlineData("run --no-such-option -- true")]
    [InlineData("run --no-such-option true")]
    [InlineData("clone renew -1")]
    [InlineData("admin workers drain a/b")]
    [InlineData("admin gateways evict")]
    [InlineData("admin restore backup.db")]
    [InlineData("admin restore backup.db --data . --program /no/such/program")]
    public async Task Wrong_use_is_exit_code_2_and_asks_nothing(string command)
    {
        var outcome = await RunAsync(command.Split(' '));

        outcome.Failed(2);
        Assert.DoesNotContain(Server.Asked, asked => asked != "GET /auth/me");
    }

    [Fact]
    public async Task A_token_in_the_wrong_place_is_not_repeated()
    {
        var outcome = await RunAsync("login", Server.UserToken);

        Assert.Equal(2, outcome.ExitCode);
        Assert.DoesNotContain(Server.UserToken[^38..], outcome.Errors, StringComparison.Ordinal);
    }
}
