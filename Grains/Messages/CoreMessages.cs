using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Serializers;

namespace ControlPlane.Messages;

/// <summary>
/// How Core's records cross between processes: as JSON, chosen by where they are declared, so that Core needs no word of Orleans. Exceptions
/// are excluded; the one that crosses has a surrogate.
/// </summary>
internal static class CoreMessages
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = { new JsonStringEnumConverter() },
    };

    public static void AddCoreMessages(this IServiceCollection services)
    {
        services.AddSerializer(static serializer => serializer.AddJsonSerializer(
            IsMessage, static _ => false, static json => json.Configure(static options => options.SerializerOptions = Options)));
        services.AddSingleton<IGeneralizedCopier, SharedMessages>();
        services.AddSingleton<IGeneralizedCodec, ListCodec>();
    }

    public static bool IsMessage(Type type) =>
        type.Assembly == typeof(CoreJson).Assembly && type.Namespace is not null && !type.IsAbstract && !typeof(Exception).IsAssignableFrom(type);
}
