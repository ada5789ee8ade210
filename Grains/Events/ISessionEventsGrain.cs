namespace ControlPlane.Events;

/// <summary><see cref="ISessionEvents"/> on Orleans, under the same key.</summary>
[Alias("events")]
public interface ISessionEventsGrain : ISessionEvents, IGrainWithStringKey;
