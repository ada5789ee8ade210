namespace ControlPlane.Sessions;

/// <summary>A clone that sessions can be started with.</summary>
/// <param name="Id">The name in URLs, such as <c>github</c>.</param>
/// <param name="Name">The service's own name.</param>
/// <param name="Seeds">The states that a session can start from; the first is the default.</param>
/// <param name="Tools">Its operations, between a worker and the control plane; callers ask for them by themselves.</param>
public sealed record CatalogueClone(
    string Id, string Name, string Description, IReadOnlyList<CatalogueSeed> Seeds, IReadOnlyList<CloneTool>? Tools = null);

/// <summary>One operation that a clone offers.</summary>
/// <param name="Name">A word for it, such as <c>create-an-issue</c>.</param>
/// <param name="Path">Below <c>/api</c> of the clone, with <c>{placeholders}</c>.</param>
public sealed record CloneTool(string Name, string Method, string Path);

/// <summary>All operations that a clone offers. What is not among them is answered 404.</summary>
public sealed record CloneToolList(IReadOnlyList<CloneTool> Tools);

/// <summary>How much of its service a clone covers: what it serves, read from its own routes, and what it says to everything else.</summary>
/// <param name="Served">How many operations that is.</param>
/// <param name="Otherwise">The status of every other path and method.</param>
public sealed record CloneCoverage(
    [property: System.Text.Json.Serialization.JsonPropertyName("clone")] string CloneName, int Served, IReadOnlyList<CloneTool> Operations, int Otherwise);

/// <summary>A state that a clone can start from.</summary>
public sealed record CatalogueSeed(string Id, string Description);

/// <summary>What can be started here.</summary>
public sealed record CloneCatalogue(IReadOnlyList<CatalogueClone> Clones);
