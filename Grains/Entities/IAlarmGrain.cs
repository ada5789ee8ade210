namespace ControlPlane.Entities;

/// <summary>The alarms of one part of the entities.</summary>
[Alias("alarms")]
public interface IAlarmGrain : IGrainWithIntegerKey
{
    /// <summary>Sets or clears an entity's one alarm, durable when it answers.</summary>
    [Alias("set")]
    Task SetAsync(string kind, string key, DateTimeOffset? due);
}
