namespace ControlPlane.Running;

/// <summary>Tests that measure: one after another, when the others are done.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Measured
{
    public const string Name = "measured";
}
