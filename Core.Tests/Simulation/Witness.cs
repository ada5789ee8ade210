using ControlPlane.Errors;
using ControlPlane.Gateways;
using ControlPlane.Histories;

namespace ControlPlane.Simulation;

/// <summary>
/// What clients asked and were told, written as the harness of real processes writes it, for the judge that reads both. An operation has
/// returned when its owner has answered, which is earlier than its client can know: the promise counts from then on.
/// </summary>
internal sealed class Witness(Scheduler scheduler)
{
    private readonly List<Operation> _operations = [];

    /// <summary>The one clock of a history, in microseconds.</summary>
    public long Now => scheduler.Now / TimeSpan.TicksPerMicrosecond;

    public void Made(KnownKey key, long asked) => Add(OperationKind.Make, Name(key), "", "", asked, Operation.Ok);

    public void Started(KnownSession session, long asked) => Add(OperationKind.Start, "", session.Id, "", asked, Operation.Ok);

    /// <summary>From now on a refusal is as true as an admission: somebody takes it away, or its time may come.</summary>
    public void MayGo(KnownKey key) => Add(OperationKind.Revoke, Name(key), "", "", Now, Operation.Lost);

    public void MayGo(KnownSession session) => Add(OperationKind.Stop, "", session.Id, "", Now, Operation.Lost);

    /// <summary>It was answered that it is gone.</summary>
    public void Gone(KnownKey key) => Add(OperationKind.Revoke, Name(key), "", "", Now, Operation.Ok);

    public void Gone(KnownSession session) => Add(OperationKind.Stop, "", session.Id, "", Now, Operation.Ok);

    /// <summary>Verdicts of which the judge knows nothing (budgets, members, failed sessions, expiry) are left to the checkers of this simulation.</summary>
    public void Decided(KnownKey key, KnownSession session, string gateway, long asked, Verdict verdict)
    {
        if (verdict.Refusal?.Code is null or ErrorCode.CredentialInvalid or ErrorCode.SessionNotFound or ErrorCode.SessionEnded
            or ErrorCode.ControlPlaneUnavailable)
        {
            Add(OperationKind.Request, Name(key), session.Id, gateway, asked, verdict.Refusal?.Code.Word() ?? Operation.Ok);
        }
    }

    /// <exception cref="Violation">The judge found a promise broken.</exception>
    public void MustPleaseTheJudge()
    {
        if (Judge.Violations(_operations) is [var first, ..])
        {
            throw new Violation("judge", first);
        }
    }

    private void Add(OperationKind kind, string key, string session, string gateway, long invoked, string verdict) =>
        _operations.Add(new Operation(kind, key, session, gateway, invoked, Now, verdict));

    /// <summary>Each secret of a key is revoked for itself.</summary>
    private static string Name(KnownKey key) => $"{key.Id}#{key.Secret}";
}
