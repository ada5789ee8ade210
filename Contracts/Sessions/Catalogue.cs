namespace ControlPlane.Sessions;

/// <summary>A clone that sessions can be started with.</summary>
/// <param name="Id">The name in URLs, such as <c>github</c>.</param>
/// <param name="Name">The service's own name.</param>
/// <param name="Seeds">The states that a session can start from; the first is the default.</param>
public sealed record CatalogueClone(string Id, string Name, string Description, IReadOnlyList<CatalogueSeed> Seeds);

/// <summary>A state that a clone can start from.</summary>
public sealed record CatalogueSeed(string Id, string Description);

/// <summary>What can be started here.</summary>
public sealed record CloneCatalogue(IReadOnlyList<CatalogueClone> Clones);
