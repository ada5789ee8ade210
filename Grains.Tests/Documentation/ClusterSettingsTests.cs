using ControlPlane.Hosting;

namespace ControlPlane.Documentation;

/// <summary>The cluster's own settings stand in docs/operations/settings.md too.</summary>
public sealed class ClusterSettingsTests
{
    [Fact]
    public void Every_setting_stands_in_the_table_with_its_default_and_range() =>
        DocumentedSettings.Check([typeof(RedisOptions).Assembly], atLeast: 15);
}
