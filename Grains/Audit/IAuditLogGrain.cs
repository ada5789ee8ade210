namespace ControlPlane.Audit;

/// <summary><see cref="IAuditLog"/> on Orleans, under the same key.</summary>
[Alias("audit")]
public interface IAuditLogGrain : IAuditLog, IGrainWithStringKey;
