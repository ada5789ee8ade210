namespace ControlPlane.Hosting;

/// <summary>
/// The time of the entities. It has a type of its own because Orleans takes its timers from the container's <see cref="TimeProvider"/>: a
/// test that moves the entities' time must not move the engine's.
/// </summary>
public sealed record EntityClock(TimeProvider Time);
