namespace ControlPlane.Credentials;

/// <summary><see cref="ICredential"/> on Orleans, under the same key.</summary>
[Alias("credential")]
public interface ICredentialGrain : ICredential, IGrainWithStringKey;
