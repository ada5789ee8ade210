namespace ControlPlane.Invitations;

/// <summary><see cref="IInvitation"/> on Orleans, under the same key.</summary>
[Alias("invitation")]
public interface IInvitationGrain : IInvitation, IGrainWithStringKey;
