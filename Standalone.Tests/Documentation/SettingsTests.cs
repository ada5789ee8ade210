using System.Text.RegularExpressions;
using ControlPlane.GitHub;
using ControlPlane.Workers;

namespace ControlPlane.Documentation;

/// <summary>Whatever can be set stands in docs/operations/settings.md with its real default and bounds. The cluster's own: Grains.Tests.</summary>
public sealed partial class SettingsTests
{
    [Fact]
    public void Every_setting_stands_in_the_table_with_its_default_and_range() => DocumentedSettings.Check(
        [typeof(Gateways.Gateway).Assembly, typeof(CloneProxyRegistration).Assembly, typeof(ManagementApi).Assembly, typeof(StandaloneHost).Assembly], atLeast: 25);

    [Fact]
    public void Every_option_of_the_one_process_is_in_its_table()
    {
        var named = DocumentedSettings.Table(3).Select(row => row[0].Trim('`')).ToList();

        Assert.All(Option().Matches(StartOptions.Usage).Select(match => match.Value), option => Assert.Contains(option, named));
    }

    [Fact]
    public void The_worker_has_the_defaults_of_its_table()
    {
        var rows = DocumentedSettings.Table(3).Select(row => (row[0].Replace("`", "", StringComparison.Ordinal), row[1].Trim('`'))).ToList();
        var worker = new CloneWorkerOptions { DataDirectory = "", Secret = "" };

        Assert.Equal(worker.DataUrl, worker.ControlUrl);
        Assert.Contains(("--data-url, --control-url", worker.DataUrl), rows);
        Assert.Contains(("--capacity", $"{worker.Capacity}"), rows);
        Assert.Contains(("--body-mebibytes", $"{worker.HeldBodyBytes / 1024 / 1024}"), rows);
        Assert.Contains(("--github-core-limit", $"{new GitHubOptions().CoreLimit}"), rows);
    }

    // What stands at the beginning of a line of the usage; --Section:Name stands for all the other tables.
    [GeneratedRegex(@"(?<=^ *)--[a-z]+(?= )", RegexOptions.Multiline)]
    private static partial Regex Option();
}
