namespace ControlPlane.Creations;

/// <summary><see cref="ICreation"/> on Orleans, under the same key.</summary>
[Alias("creation")]
public interface ICreationGrain : ICreation, IGrainWithStringKey;
