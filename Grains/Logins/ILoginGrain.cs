namespace ControlPlane.Logins;

/// <summary><see cref="ILogin"/> on Orleans, under the same key.</summary>
[Alias("login")]
public interface ILoginGrain : ILogin, IGrainWithStringKey;
