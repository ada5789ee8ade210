using ControlPlane.Server;

namespace ControlPlane.Config;

/// <summary>Something that can be configured, by its name on the command line.</summary>
/// <param name="Variable">The variable that goes before it.</param>
/// <param name="With">The values with this one changed; null takes it out.</param>
internal sealed record ConfigKey(
    string Name, string Variable, string Meaning, Func<ConfiguredValues, string?> Of, Func<ConfiguredValues, string?, ConfiguredValues> With, Action<string> Check)
{
    public static IReadOnlyList<ConfigKey> All { get; } =
    [
        new("api-url", ArchalVariables.ApiUrl, "where the control plane is", values => values.ApiUrl, (values, text) => values with { ApiUrl = text },
            text => ServerAddress.Parse(text, "api-url")),
        new("workspace", ArchalVariables.WorkspaceId, "the workspace to act in", values => values.Workspace, (values, text) => values with { Workspace = text },
            text => UrlId.Checked(text, "workspace")),
    ];

    /// <exception cref="CommandFailure">There is none of this name.</exception>
    public static ConfigKey Named(string name) => All.FirstOrDefault(key => key.Name == name)
        ?? throw CommandFailure.WrongUse($"There is no {name} to configure. There are {string.Join(" and ", All.Select(key => key.Name))}.");
}
