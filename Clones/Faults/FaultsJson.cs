using System.Text.Json.Serialization;

namespace ControlPlane.Faults;

[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class FaultsJson : JsonSerializerContext;
