using ControlPlane.Audit;
using ControlPlane.Events;
using ControlPlane.Usage;

namespace ControlPlane.Simulation;

internal sealed class RemoteAuditLog(Line line) : IAuditLog
{
    public Task RecordAsync(AuditEvent happened, CancellationToken cancellationToken = default) =>
        line.CallAsync<IAuditLog>("record act", (entity, token) => entity.RecordAsync(happened, token), cancellationToken);

    public Task<AuditPage> PageAsync(AuditQuery query, CancellationToken cancellationToken = default) =>
        line.CallAsync<IAuditLog, AuditPage>("page of acts", (entity, token) => entity.PageAsync(query, token), cancellationToken);
}

internal sealed class RemoteUsage(Line line) : IUsage
{
    public Task AddAsync(UsageReport report, CancellationToken cancellationToken = default) =>
        line.CallAsync<IUsage>("add use", (entity, token) => entity.AddAsync(report, token), cancellationToken);

    public Task<IReadOnlyList<UsageRow>> ReadAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken = default) =>
        line.CallAsync<IUsage, IReadOnlyList<UsageRow>>("read use", (entity, token) => entity.ReadAsync(from, to, token), cancellationToken);
}

internal sealed class RemoteEvents(Line line) : ISessionEvents
{
    public Task RecordAsync(IReadOnlyList<SessionEvent> happened, CancellationToken cancellationToken = default) =>
        line.CallAsync<ISessionEvents>("record events", (entity, token) => entity.RecordAsync(happened, token), cancellationToken);

    public Task<EventPage> ReadAsync(EventQuery query, CancellationToken cancellationToken = default) =>
        line.CallAsync<ISessionEvents, EventPage>("read events", (entity, token) => entity.ReadAsync(query, token), cancellationToken);
}
