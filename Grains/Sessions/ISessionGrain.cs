namespace ControlPlane.Sessions;

/// <summary><see cref="ISession"/> on Orleans, under the same key.</summary>
[Alias("session")]
public interface ISessionGrain : ISession, IGrainWithStringKey;
