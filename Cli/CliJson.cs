using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ControlPlane.Auth;
using ControlPlane.Config;
using ControlPlane.Server;
using ControlPlane.Sessions;

namespace ControlPlane;

/// <summary>The JSON that is the command line's own: its files, the harness' variables, and answers that no endpoint gives.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredCredentials))]
[JsonSerializable(typeof(StoredConfiguration))]
[JsonSerializable(typeof(StoredSession))]
[JsonSerializable(typeof(StoredStarts))]
[JsonSerializable(typeof(TakenAway))]
[JsonSerializable(typeof(StoppedSession))]
[JsonSerializable(typeof(JsonNode))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
internal sealed partial class CliJson : JsonSerializerContext
{
    /// <summary>For variables: nothing here is ever embedded in HTML, and a plain <c>&amp;</c> is what a simple reader expects.</summary>
    public static CliJson Plain { get; } =
        new(new JsonSerializerOptions(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
