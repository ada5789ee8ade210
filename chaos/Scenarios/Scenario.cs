using ControlPlane.Clusters;

namespace ControlPlane.Scenarios;

/// <summary>One fault, from its beginning until the cluster is whole again.</summary>
/// <param name="KeepsServing">What rests on held facts must not notice it at all; through the load balancer, nothing may.</param>
/// <param name="NeedsBalancer">It takes gateways away that callers would otherwise call: done through the load balancer alone.</param>
/// <param name="Away">The gateway that is itself away: what was asked of it says nothing of the others.</param>
public sealed record Scenario(string Name, bool KeepsServing, Func<Cluster, Task> RunAsync, Uri? Away = null, bool NeedsBalancer = false);
