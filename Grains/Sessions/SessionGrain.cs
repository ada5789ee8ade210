using ControlPlane.Authorization;
using ControlPlane.Entities;
using ControlPlane.Hosting;
using ControlPlane.Leases;
using ControlPlane.Workers;
using Orleans.Concurrency;

namespace ControlPlane.Sessions;

/// <summary>One session: <see cref="SessionEntity"/>.</summary>
[GrainType(EntityKinds.Session), Reentrant]
internal sealed class SessionGrain(EntityServices services)
    : EntityGrain<SessionEntity>(services, (id, host, options) => new SessionEntity(id, host, options.Sessions, options.Leases)), ISessionGrain
{
    public Task<SessionView> CreateAsync(Caller caller, NewSession session, CancellationToken cancellationToken = default) =>
        Entity.CreateAsync(caller, session, cancellationToken);

    public Task<SessionView> DescribeAsync(Caller caller, CancellationToken cancellationToken = default) =>
        Entity.DescribeAsync(caller, cancellationToken);

    public Task<SessionView> RenewAsync(Caller caller, TimeSpan extension, CancellationToken cancellationToken = default) =>
        Entity.RenewAsync(caller, extension, cancellationToken);

    public Task CheckCloneAsync(Caller caller, string cloneName, CancellationToken cancellationToken = default) =>
        Entity.CheckCloneAsync(caller, cloneName, cancellationToken);

    public Task<SessionView> SetCloneAsync(Caller caller, CloneOrder order, CancellationToken cancellationToken = default) =>
        Entity.SetCloneAsync(caller, order, cancellationToken);

    public Task<byte[]> CloneStateAsync(Caller caller, string cloneName, CancellationToken cancellationToken = default) =>
        Entity.CloneStateAsync(caller, cloneName, cancellationToken);

    public Task SetFaultsAsync(Caller caller, string cloneName, byte[] faults, CancellationToken cancellationToken = default) =>
        Entity.SetFaultsAsync(caller, cloneName, faults, cancellationToken);

    public Task<byte[]> FaultsAsync(Caller caller, string cloneName, CancellationToken cancellationToken = default) =>
        Entity.FaultsAsync(caller, cloneName, cancellationToken);

    public Task<RecallReport> StopAsync(Caller caller, CancellationToken cancellationToken = default) =>
        Entity.StopAsync(caller, cancellationToken);

    public Task<SessionAnswer> AuthorizeAsync(
        Caller caller, string cloneName, string reader, bool fresh, CancellationToken cancellationToken = default) =>
        Entity.AuthorizeAsync(caller, cloneName, reader, fresh, cancellationToken);

    public Task ReturnShareAsync(string reader, long number, int unused, CancellationToken cancellationToken = default) =>
        Entity.ReturnShareAsync(reader, number, unused, cancellationToken);

    public Task<BudgetShare?> TakeShareAsync(string reader, long spent, int unused = 0, CancellationToken cancellationToken = default) =>
        Entity.TakeShareAsync(reader, spent, unused, cancellationToken);

    public Task ReportUseAsync(SessionUse use, CancellationToken cancellationToken = default) =>
        Entity.ReportUseAsync(use, cancellationToken);

    public Task<bool> WorkerFoundAsync(string workerId, long epoch, Uri data, CancellationToken cancellationToken = default) =>
        Entity.WorkerFoundAsync(workerId, epoch, data, cancellationToken);

    public Task WorkerLostAsync(string workerId, CancellationToken cancellationToken = default) => Entity.WorkerLostAsync(workerId, cancellationToken);

    public Task<bool> RestoredAsync(IReadOnlyList<HeldPlacement> held, CancellationToken cancellationToken = default) =>
        Entity.RestoredAsync(held, cancellationToken);

    public Task<SessionExplanation?> ExplainAsync(CancellationToken cancellationToken = default) => Entity.ExplainAsync(cancellationToken);
}
