using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Orleans.Storage;

namespace ControlPlane.Records;

/// <summary>The format of everything that the grain storage holds: Core's one JSON. Every provider is given it; Newtonsoft's is the default.</summary>
public sealed class RecordJson : IGrainStorageSerializer
{
    // What Core stores is known at build time; around it stand only StoredRecord and what this project stores itself.
    private static readonly JsonSerializerOptions Options = new(CoreJson.Default.Options)
    {
        TypeInfoResolver = JsonTypeInfoResolver.Combine(CoreJson.Default, new DefaultJsonTypeInfoResolver()),
    };

    public BinaryData Serialize<T>(T? input) => new(JsonSerializer.SerializeToUtf8Bytes(input, Options));

    public T? Deserialize<T>(BinaryData input) => JsonSerializer.Deserialize<T>(input.ToMemory().Span, Options);
}
