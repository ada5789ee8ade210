using ControlPlane.Credentials;
using ControlPlane.Errors;
using ControlPlane.Leases;
using ControlPlane.Sessions;
using ControlPlane.Workspaces;

namespace ControlPlane.Gateways;

/// <summary>A fact in a gateway's hands.</summary>
internal interface IHeld
{
    /// <summary>Of the owner's record when the fact was granted.</summary>
    long Version { get; }

    /// <summary>Whether it has not ended by itself at this reading of the monotonic clock.</summary>
    bool Stands(long now);

    /// <summary>Monotonic reading of the last use, for choosing what to let go.</summary>
    long LastUsed { get; }
}

/// <summary>A credential that stands.</summary>
/// <param name="end">Monotonic; counted from when the question was sent, so at most one round trip early.</param>
internal sealed class HeldCredential(CredentialFact fact, long end, long now) : IHeld
{
    public static Refusal Expired { get; } = new(ErrorCode.CredentialExpired, "The credential has expired. Make another one.");

    private long _lastUsed;
    private long _reported;
    private UseCounters? _uses;

    public CredentialFact Fact { get; } = fact;

    public long Version => Fact.Version;

    public long LastUsed => Volatile.Read(ref _lastUsed) is not 0 and var used ? used : now;

    public bool Stands(long now) => now < end;

    public void Used(long now) => Volatile.Write(ref _lastUsed, now);

    /// <summary>Where its use in a workspace is counted; nearly always the counters that were used last.</summary>
    public UseCounters UsesIn(string workspaceId, UseTable table, UseCounters? known)
    {
        var last = Volatile.Read(ref _uses);
        var uses = table.Of(workspaceId, Fact, known ?? last);
        if (uses != last)
        {
            Volatile.Write(ref _uses, uses);
        }

        return uses;
    }

    /// <summary>The last use, if it was not reported yet.</summary>
    public long? TakeUnreported()
    {
        var last = Volatile.Read(ref _lastUsed);
        return last == 0 || Interlocked.Exchange(ref _reported, last) == last ? null : last;
    }
}

/// <summary>A user's membership.</summary>
internal sealed class HeldMembership(MembershipFact fact, long now) : IHeld
{
    private long _lastUsed = now;

    public MembershipFact Fact { get; } = fact;

    public Subject Subject { get; } = Subject.Membership(fact.WorkspaceId, fact.UserId);

    public long Version => Fact.Version;

    public long LastUsed => Volatile.Read(ref _lastUsed);

    public void Used(long now) => Volatile.Write(ref _lastUsed, now);

    public bool Stands(long now) => true;
}

/// <summary>A running session with its routes.</summary>
internal sealed class HeldSession : IHeld
{
    private readonly Route[] _routes;
    private long _end;

    public HeldSession(SessionFact fact, long end, HeldAccount account)
    {
        (Fact, _end, Account) = (fact, end, account);
        _routes = [.. fact.Clones.Select(name => new Route(
            fact.SessionId, name, fact.Epoch, fact.Worker, $"{fact.SessionId}.{name}.{fact.Epoch}.{fact.Key}"))];
    }

    public SessionFact Fact { get; }

    public HeldAccount Account { get; }

    public long Version => Fact.Version;

    public long LastUsed => Account.LastUsed;

    /// <summary>Monotonic reading of the absolute end; a renewal moves it.</summary>
    public long End => Volatile.Read(ref _end);

    public bool Stands(long now) => now < End;

    /// <summary>A newer grant says that the end is later: streams that run on the older one go on until then.</summary>
    public void Prolong(long end)
    {
        if (end > End)
        {
            Volatile.Write(ref _end, end);
        }
    }

    /// <summary>Null: the session has no such clone.</summary>
    public Route? RouteTo(string cloneName)
    {
        foreach (var route in _routes)
        {
            if (route.CloneName == cloneName)
            {
                return route;
            }
        }

        return null;
    }
}
