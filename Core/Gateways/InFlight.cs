using ControlPlane.Errors;
using ControlPlane.Leases;

namespace ControlPlane.Gateways;

/// <summary>
/// One request as the gateway's registry knows it, from before it is decided until its answer has ended. What is revoked while it runs
/// cuts it through <see cref="OnCut"/>.
/// </summary>
public abstract class InFlight
{
    private const int Undecided = 0;
    private const int LookAnew = 1;
    private const int Admitted = 2;
    private const int Cut = 3;

    private int _state;
    private UseCounters? _uses;
    private Gateway? _gateway;
    private HeldCredential? _credential;
    private HeldMembership? _membership;
    private HeldSession? _session;
    private Refusal? _because;

    /// <summary>Why the request was cut; null while it stands.</summary>
    public Refusal? CutBecause => Volatile.Read(ref _state) == Cut ? _because : null;

    internal InFlight? Next { get; set; }

    internal InFlight? Previous { get; set; }

    internal Registry.Shard? Shard { get; set; }

    internal HeldSession? Session => _session;

    internal HeldCredential? Credential => _credential;

    internal HeldMembership? Membership => _membership;

    /// <summary>Which clone of the session is wanted.</summary>
    internal string CloneName { get; set; } = "";

    /// <summary>On whose behalf the session is asked for anew, of a request that was admitted; null before.</summary>
    internal SessionAsk? AskAnew => _credential is { Fact: var fact } && _session is { } session
        ? new SessionAsk(fact.ActingIn(session.Fact.WorkspaceId, _membership?.Fact.Role), CloneName)
        : null;

    /// <summary>Whether an owner was asked before it was decided.</summary>
    internal bool Asked { get; set; }

    /// <summary>Whether the session was still starting when it was last looked at.</summary>
    internal bool SawStarting { get; set; }

    /// <summary>
    /// Whether a chunk that has just been read may be passed on: call it after each read, before anything of it is passed on. It looks at
    /// the clocks itself, because no timer is to be trusted after a freeze. False: the request is cut.
    /// </summary>
    /// <param name="bytes">How many were read; counts as use of the session.</param>
    /// <param name="fromCaller">Whether they come from the caller, or from the clone.</param>
    public bool MayPass(long bytes, bool fromCaller = false)
    {
        if (Volatile.Read(ref _state) != Admitted || _gateway is not { } gateway)
        {
            return false;
        }

        var now = gateway.Time.GetTimestamp();
        if (!gateway.LeaseStands(now))
        {
            return false;
        }

        if (_session is { } session && !session.Stands(now))
        {
            CutNow(Sessions.Refusals.Ended);
            return false;
        }

        if (_credential is { } credential && !credential.Stands(now))
        {
            CutNow(HeldCredential.Expired);
            return false;
        }

        if (_session is { } used)
        {
            used.Account.Moved(bytes, now);
            Uses(gateway)?.Moved(bytes, fromCaller);
        }

        return Volatile.Read(ref _state) == Admitted;
    }

    /// <summary>Cuts it for a reason of its host's, such as that the process stops. Once it was cut, nothing changes.</summary>
    protected void End(Refusal because) => CutNow(because);

    /// <summary>
    /// Ends what runs: called once, synchronously, by the thread that takes a recall, and must not wait. After it returns no byte read
    /// from the clone is passed on.
    /// </summary>
    protected abstract void OnCut(Refusal because);

    /// <summary>Before facts are looked up, and again after a recall asked for that.</summary>
    internal void BeginLookup(Gateway gateway)
    {
        _gateway = gateway;
        Volatile.Write(ref _state, Undecided);
        Interlocked.MemoryBarrier();
    }

    /// <summary>Decides in one step: true unless a recall came since the facts were looked up.</summary>
    internal bool TryAdmit(HeldCredential credential, HeldMembership? membership, HeldSession? session)
    {
        (_credential, _membership, _session) = (credential, membership, session);
        return Interlocked.CompareExchange(ref _state, Admitted, Undecided) == Undecided;
    }

    /// <summary>It is admitted, and counts as a request of its credential in the session's workspace.</summary>
    internal void CountRequest(Gateway gateway) => Uses(gateway)?.CountRequest();

    /// <summary>An undecided request gives up the facts it holds and looks them up anew. Always false.</summary>
    internal bool LookAgain()
    {
        Interlocked.CompareExchange(ref _state, LookAnew, Undecided);
        return false;
    }

    /// <summary>
    /// Takes a recall. True: it was decided on what is recalled, and is to be cut, which is for the caller to do outside of its locks.
    /// </summary>
    internal bool MustCut(Recall recall) => Interlocked.CompareExchange(ref _state, LookAnew, Undecided) == Admitted && RestsOn(recall);

    /// <summary>The gateway's lease is over: everything that was decided goes.</summary>
    internal bool MustCut() => Interlocked.CompareExchange(ref _state, LookAnew, Undecided) == Admitted;

    internal void CutNow(Refusal because)
    {
        // The reason is there before the cut can be seen: nobody may find a request that is cut for no reason.
        if (Volatile.Read(ref _state) == Admitted)
        {
            Interlocked.CompareExchange(ref _because, because, null);
        }

        if (Interlocked.CompareExchange(ref _state, Cut, Admitted) == Admitted)
        {
            OnCut(_because ?? because);
        }
    }

    private bool RestsOn(Recall recall) => recall.Subject.Kind switch
    {
        Subject.CredentialKind => _credential is { } credential && credential.Fact.Id == recall.Subject.Key && credential.Version <= recall.Version,
        Subject.SessionKind => _session is { } session && session.Fact.SessionId == recall.Subject.Key && session.Version <= recall.Version,
        _ => _membership is { } membership && membership.Subject == recall.Subject && membership.Version <= recall.Version,
    };

    private UseCounters? Uses(Gateway gateway) => _session is { } session && _credential is { } credential
        ? _uses = credential.UsesIn(session.Fact.WorkspaceId, gateway.Uses, _uses)
        : null;
}
