using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ControlPlane.Hosting;

namespace ControlPlane.Entities;

/// <summary>The record of one alarm grain: <c>kind/key</c> → when it is due.</summary>
public sealed record AlarmState(ImmutableDictionary<string, DateTimeOffset> Due)
{
    public static AlarmState Empty { get; } = new(ImmutableDictionary<string, DateTimeOffset>.Empty);

    [JsonIgnore]
    public IEnumerable<StoredAlarm> Alarms => Due.Select(alarm =>
    {
        var slash = alarm.Key.IndexOf('/', StringComparison.Ordinal);
        return new StoredAlarm(new EntityKey(alarm.Key[..slash], alarm.Key[(slash + 1)..]), alarm.Value);
    });
}
