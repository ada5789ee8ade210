using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using ControlPlane.Authorization;
using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.Records;

namespace ControlPlane.Audit;

/// <summary>A record that keeps what is still to be written to an audit log; saved with the change that it tells of.</summary>
public interface IAudited<out T>
{
    /// <summary>What the audit log does not know yet; null: nothing.</summary>
    ImmutableList<AuditEvent>? ToAudit { get; }

    /// <summary>How many acts may wait in it.</summary>
    int MostToAudit => Audited.MostWaiting;

    /// <summary>The record with this still to be written.</summary>
    T Auditing(ImmutableList<AuditEvent>? toAudit);
}

/// <summary>The audit of one entity's changes, as effects: saved with the change, written before the caller is answered, repeated after a crash.</summary>
internal sealed class AuditTrail<T> where T : class, IAudited<T>
{
    /// <summary>The log is soon back, and acts wait for it: seldom is too seldom.</summary>
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(1);

    private readonly IEntityHost _host;
    private readonly Record<T> _record;
    private readonly Work<AuditEvent, bool> _work;
    private readonly Lock _gate = new();

    // Under the gate; null when nothing is being written. Each act is sent once, however many acts came after it and wait for it.
    private Dictionary<AuditEvent, Task>? _writing;

    public AuditTrail(IEntityHost host, Record<T> record)
    {
        (_host, _record) = (host, record);
        _work = new Work<AuditEvent, bool>(host.Time, AppendAsync, (written, _) => RemoveAsync([written]), host.Random, LastRetry);
    }

    /// <summary>An act of this caller, now.</summary>
    /// <param name="workspaceId">Whose log it goes to; null: that of the caller's workspace.</param>
    public AuditEvent Act(Caller caller, AuditAction action, string? target, string? detail = null, string? workspaceId = null) =>
        AuditEvent.Of(caller, action, target, detail, _host.Time.GetUtcNow(), _host.Random, workspaceId);

    /// <summary>Answers when the log has all that a saved state says is to be written.</summary>
    /// <exception cref="Exception">It could not be written now; that is repeated until it is.</exception>
    public async Task WriteAsync(T saved, CancellationToken cancellationToken)
    {
        if (saved.ToAudit is not { IsEmpty: false } toAudit)
        {
            return;
        }

        try
        {
            foreach (var happened in toAudit)
            {
                await AppendAsync(happened, cancellationToken);
            }
        }
        catch
        {
            _work.Start(toAudit);
            throw;
        }

        _ = ForgetAsync(toAudit);
    }

    /// <summary>Goes on with what another activation, or a crash, has left to write.</summary>
    public void GoOn(T state) => _work.Start(state.ToAudit ?? []);

    private async Task<bool> AppendAsync(AuditEvent happened, CancellationToken cancellationToken)
    {
        Task sending;
        lock (_gate)
        {
            _writing ??= [];
            sending = _writing.TryGetValue(happened, out var underWay) ? underWay : _writing[happened] = SendAsync(happened);
        }

        await sending.WaitAsync(cancellationToken);
        return true;
    }

    /// <summary>Without the caller's limit, for others wait for it too.</summary>
    private async Task SendAsync(AuditEvent happened)
    {
        // Out of the gate first.
        await Task.Yield();
        try
        {
            await _host.Entities.Audit(happened.WorkspaceId).RecordAsync(happened, CancellationToken.None);
        }
        finally
        {
            lock (_gate)
            {
                _writing!.Remove(happened);
                _writing = _writing.Count == 0 ? null : _writing;
            }
        }
    }

    /// <summary>The caller's answer does not wait for this: what is still in the record is written again, and is in the log once.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "What could not be removed is tried again until it is.")]
    private async Task ForgetAsync(ImmutableList<AuditEvent> written)
    {
        try
        {
            await RemoveAsync(written);
        }
        catch (Exception)
        {
            _work.Start(written);
        }
    }

    private Task RemoveAsync(ImmutableList<AuditEvent> written) => _record.ChangeAsync(
        (state, _) => state?.ToAudit is { } waiting && waiting.Exists(written.Contains)
            ? Decision<T, bool>.Save(state.Auditing(waiting.RemoveAll(written.Contains) is { IsEmpty: false } left ? left : null), true)
            : Decision<T, bool>.Keep(true));
}

internal static class Audited
{
    /// <summary>More than this waiting means that the log has stopped: thirty acts a second while its silo's death is not yet noticed.</summary>
    public const int MostWaiting = 128;

    /// <summary>The change with the act that it is.</summary>
    /// <exception cref="ControlPlaneException">503: the audit log cannot be written, and nothing is done that is not in it.</exception>
    public static T By<T>(this T state, AuditEvent act) where T : IAudited<T> => state.ToAudit?.Count >= state.MostToAudit
        ? throw new ControlPlaneException(new Refusal(
            ErrorCode.ControlPlaneUnavailable, "The audit log cannot be written now, and nothing is changed that is not in it. Try again.", TimeSpan.FromSeconds(2)))
        : state.Auditing((state.ToAudit ?? []).Add(act));
}
