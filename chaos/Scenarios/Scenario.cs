using ControlPlane.Clusters;

namespace ControlPlane.Scenarios;

/// <summary>One fault, from its beginning until the cluster is whole again.</summary>
/// <param name="KeepsServing">What rests on held facts must not notice it at all.</param>
/// <param name="Away">The gateway that is itself away: what was asked of it says nothing of the others.</param>
public sealed record Scenario(string Name, bool KeepsServing, Func<Cluster, Task> RunAsync, Uri? Away = null);
