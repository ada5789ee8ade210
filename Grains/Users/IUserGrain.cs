namespace ControlPlane.Users;

/// <summary><see cref="IUser"/> on Orleans, under the same key.</summary>
[Alias("user")]
public interface IUserGrain : IUser, IGrainWithStringKey;
