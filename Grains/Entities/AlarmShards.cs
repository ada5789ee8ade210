namespace ControlPlane.Entities;

/// <summary>
/// Which alarm grain keeps an entity's alarm. A reminder of its own for each session would cost a kibibyte of every silo's memory while it
/// waits; 64 grains with one each cost nothing and share the writing.
/// </summary>
internal static class AlarmShards
{
    /// <summary>Never changed: an alarm would be looked for in another grain than the one that holds it.</summary>
    public const uint Count = 64;

    public static IAlarmGrain Of(IGrainFactory grains, GrainId entity) => grains.GetGrain<IAlarmGrain>(entity.GetUniformHashCode() % Count);
}
