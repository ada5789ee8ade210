using System.Text.Json;
using System.Text.Json.Nodes;

namespace ControlPlane.OpenApi;

/// <summary>An example of each body in the description. They are objects of the contracts, so they cannot have a field that is not there.</summary>
internal static class Examples
{
    private static readonly Dictionary<Type, object> All = RequestExamples.All.Concat(AnswerExamples.All).ToDictionary(example => example.GetType());

    /// <summary>The example of a type; null: it is no body of its own.</summary>
    public static JsonNode? Of(Type type) =>
        All.TryGetValue(type, out var example) ? JsonSerializer.SerializeToNode(example, ContractsJson.Default.GetTypeInfo(type)!) : null;

    public static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
