using System.Text.Json;
using System.Text.Json.Serialization;
using ControlPlane.Files;
using ControlPlane.Output;

namespace ControlPlane.Config;

/// <summary>What can be configured for a profile; null is not configured.</summary>
internal sealed record ConfiguredValues(string? ApiUrl = null, string? Workspace = null)
{
    [JsonIgnore]
    public bool IsEmpty => ApiUrl is null && Workspace is null;
}

/// <summary>The file's whole content: profile → its values.</summary>
internal sealed record StoredConfiguration(Dictionary<string, ConfiguredValues>? Profiles = null);

/// <summary>What <c>config set</c> stored for a profile. A variable of the environment goes before it.</summary>
internal sealed class Configuration(ArchalHome home, string profile)
{
    private const string FileName = "config.json";

    public string Path => home.PathOf(FileName);

    /// <exception cref="CommandFailure">The file is not what this program wrote.</exception>
    public ConfiguredValues Values => Read(home.Read(FileName)).GetValueOrDefault(profile) ?? new();

    public void Change(Func<ConfiguredValues, ConfiguredValues> change) => home.Update(FileName, content =>
    {
        var profiles = Read(content);
        if (change(profiles.GetValueOrDefault(profile) ?? new()) is { IsEmpty: false } values)
        {
            profiles[profile] = values;
        }
        else
        {
            profiles.Remove(profile);
        }

        return profiles.Count == 0 ? null : JsonSerializer.SerializeToUtf8Bytes(new StoredConfiguration(profiles), CliJson.Default.StoredConfiguration);
    });

    private Dictionary<string, ConfiguredValues> Read(byte[]? content)
    {
        try
        {
            return content is null ? [] : JsonSerializer.Deserialize(content, CliJson.Default.StoredConfiguration)?.Profiles ?? [];
        }
        catch (JsonException)
        {
            throw new CommandFailure($"{Path} is not JSON. Mend it with: rm {Shell.Quote(Path)}, and configure anew.");
        }
    }
}
