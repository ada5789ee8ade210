using ControlPlane.Clusters;
using ControlPlane.Loads;

namespace ControlPlane.Scenarios;

/// <summary>One fault, from its beginning until the cluster is whole again.</summary>
/// <param name="KeepsServing">What rests on held facts must not notice it at all; through the load balancer, nothing may.</param>
/// <param name="NeedsBalancer">It takes gateways away that callers would otherwise call: done through the load balancer alone.</param>
/// <param name="ServesFor">From its beginning, requests on held facts are served for so long whatever is gone: what is left of a lease at least.</param>
/// <param name="BackWithin">From when the cause was mended (<see cref="Cluster.Mended"/>), they are served again within so long; null: nothing is promised.</param>
/// <param name="OnRequest">It is done when it is named, and not otherwise.</param>
/// <param name="CallsSucceed">Calls to entities are answered, late perhaps, and never with a 503: their callers must not notice it.</param>
/// <param name="Away">The gateway that is itself away: what was asked of it says nothing of the others.</param>
public sealed record Scenario(string Name, bool KeepsServing, Func<Cluster, Load, Task> RunAsync, Uri? Away = null, bool NeedsBalancer = false,
    TimeSpan ServesFor = default, TimeSpan? BackWithin = null, bool OnRequest = false, bool CallsSucceed = false);
