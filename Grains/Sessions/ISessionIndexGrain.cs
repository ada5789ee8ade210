namespace ControlPlane.Sessions;

/// <summary><see cref="ISessionIndex"/> on Orleans, under the same key.</summary>
[Alias("session-index")]
public interface ISessionIndexGrain : ISessionIndex, IGrainWithStringKey;
