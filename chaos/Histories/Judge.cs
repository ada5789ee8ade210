namespace ControlPlane.Histories;

/// <summary>
/// Whether a history keeps the promises: nothing invoked after a revocation or a stop had returned is admitted; what exists and stands is
/// never unknown or invalid, only unavailable for a while; nothing that was acknowledged is lost. Pure: it knows nothing of who ran it.
/// </summary>
public sealed class Judge
{
    private const string NoCapacity = "no_capacity";

    /// <summary>What a gateway may say of what stands, while something behind it is away.</summary>
    private static readonly HashSet<string> Unavailable =
        [Operation.Lost, "control_plane_unavailable", "clone_unreachable", "clone_timeout", "gateway_overloaded", "session_starting"];

    private readonly Dictionary<string, Life> _keys = [];
    private readonly Dictionary<string, Life> _sessions = [];

    private Judge()
    {
    }

    /// <summary>Each promise that was broken, in words; none when all were kept.</summary>
    public static IReadOnlyList<string> Violations(IReadOnlyCollection<Operation> operations)
    {
        var judge = new Judge();
        foreach (var operation in operations)
        {
            judge.Learn(operation);
        }

        return [.. operations.Select(operation => operation.IsRequest ? judge.Fault(operation) : Refused(operation)).OfType<string>()];
    }

    /// <summary>What no caller of a cluster with faults may be told about what it made, of its own token or of its workspace.</summary>
    public static bool IsUnfair(string verdict) => verdict != Operation.Ok && verdict != NoCapacity && !Unavailable.Contains(verdict);

    /// <summary>Callers of the load own what they ask for and are within all bounds: they can be told to come again, and nothing else.</summary>
    private static string? Refused(Operation call) => IsUnfair(call.Verdict) ? $"refused, although it may be done: {call}" : null;

    private void Learn(Operation operation)
    {
        switch (operation.Kind)
        {
            case OperationKind.Make when operation.IsOk:
                Of(_keys, operation.Key).Made = operation.Returned;
                break;
            case OperationKind.Start when operation.IsOk:
                Of(_sessions, operation.Session).Made = operation.Returned;
                break;
            case OperationKind.Revoke:
                Of(_keys, operation.Key).TakenAway(operation);
                break;
            case OperationKind.Stop:
                Of(_sessions, operation.Session).TakenAway(operation);
                break;
            case var _ when operation.IsOk:
                Of(_sessions, operation.Session).HasServed = true;
                break;
        }
    }

    private string? Fault(Operation request)
    {
        var (key, session) = (Of(_keys, request.Key), Of(_sessions, request.Session));
        if (request.IsOk)
        {
            return key.GoneAt < request.Invoked ? $"admitted after its key was revoked: {request}"
                : session.GoneAt < request.Invoked ? $"admitted after its session was stopped: {request}"
                : null;
        }

        var fair = request.Verdict switch
        {
            "credential_invalid" => key.AskedAt < request.Returned || key.Made >= request.Invoked,
            "session_ended" => session.AskedAt < request.Returned,
            "session_not_found" => session.Made >= request.Invoked,

            // Its worker or what keeps its record was away for longer than a start may take.
            "session_failed" => session.AskedAt < request.Returned && !session.HasServed,
            _ => Unavailable.Contains(request.Verdict),
        };
        return fair ? null : $"refused, although it stands: {request}";
    }

    private static Life Of(Dictionary<string, Life> lives, string id) =>
        lives.TryGetValue(id, out var life) ? life : lives[id] = new Life();

    /// <summary>When a key or a session was there for sure, and for sure no more.</summary>
    private sealed class Life
    {
        public long Made { get; set; } = long.MaxValue;

        /// <summary>Whether a request was ever admitted.</summary>
        public bool HasServed { get; set; }

        /// <summary>When somebody first asked to take it away: from then on either answer is true.</summary>
        public long AskedAt { get; private set; } = long.MaxValue;

        /// <summary>When somebody was first told that it is taken away: from then on only one is.</summary>
        public long GoneAt { get; private set; } = long.MaxValue;

        public void TakenAway(Operation by)
        {
            AskedAt = Math.Min(AskedAt, by.Invoked);
            GoneAt = by.IsOk ? Math.Min(GoneAt, by.Returned) : GoneAt;
        }
    }
}
