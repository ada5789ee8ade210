namespace ControlPlane.Telemetry;

/// <summary>
/// Tests that record: listeners hear the whole process, so they run when the others are done, one after another.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RecordedAlone
{
    public const string Name = "recorded alone";
}
