using System.Collections.Concurrent;
using ControlPlane.Authorization;
using ControlPlane.Credentials;
using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.Leases;
using ControlPlane.Sessions;
using ControlPlane.Workspaces;

namespace ControlPlane.Gateways;

/// <summary>
/// One gateway process: its lease, the facts that owners have given it, and what is in flight. It takes recalls; <see cref="Admission"/>
/// decides on what it holds. Several may live in one process.
/// </summary>
public sealed class Gateway : IAsyncDisposable
{
    private readonly IEntities _entities;
    private readonly LeaseKeeper _keeper;
    private readonly Upkeep _upkeep;
    private readonly CancellationTokenSource _stopping = new();
    private readonly HeldTokens _tokens = new();
    private readonly ConcurrentDictionary<string, HeldAccount> _accounts = new();
    private Task _running = Task.CompletedTask;

    /// <param name="random">Spreads renewals apart; null: the process's own.</param>
    public Gateway(IEntities entities, IGatewayDoor door, LeaseOptions options, TimeProvider time, Random? random = null)
    {
        (_entities, Options, Time) = (entities, options, time);
        _keeper = new LeaseKeeper(entities, door, options, time, random ?? Random.Shared, Take, Lapsed);
        _upkeep = new Upkeep(this, entities);
        Questions = new Questions(time, _keeper.IncarnationAsync, incarnation => _keeper.Lease?.Incarnation == incarnation);
        Credentials = new(Subject.CredentialKind, Questions, AskCredentialAsync, HoldCredential, _tokens.Remove);
        Memberships = new(Subject.MembershipKind, Questions, AskMembershipAsync, (_, fact, _) => fact is null ? null : new HeldMembership(fact, time.GetTimestamp()));
        SessionFacts = new(Subject.SessionKind, Questions, AskSessionAsync, HoldSession);
        HeldMeter.Watch(this);
    }

    public TimeProvider Time { get; }

    internal LeaseOptions Options { get; }

    internal Registry Registry { get; } = new();

    /// <summary>What was used and is not reported; it outlasts the lease.</summary>
    internal UseTable Uses { get; } = new();

    /// <summary>Under which it holds its lease now; null: it has none.</summary>
    internal string? Incarnation => _keeper.Lease?.Incarnation;

    internal Questions Questions { get; }

    internal Facts<TokenDigest, string, CredentialAnswer, HeldCredential> Credentials { get; }

    internal Facts<(string Workspace, string User), bool, MembershipFact?, HeldMembership> Memberships { get; }

    internal Facts<string, SessionAsk, SessionAnswer, HeldSession> SessionFacts { get; }

    /// <summary>Whether it holds a lease; without one it answers 503.</summary>
    public bool IsReady => _keeper.Lease is { } lease && lease.Stands(Time.GetTimestamp());

    /// <summary>How much it holds and has under way: facts, names of credentials, accounts of sessions, requests, questions.</summary>
    internal (int Facts, int Names, int Accounts, int Requests, int Questions) Tables => (
        Credentials.Count + Memberships.Count + SessionFacts.Count, _tokens.Count, _accounts.Count, Registry.Where(_ => true).Count, Questions.UnderWay);

    /// <summary>Starts to keep the lease. Answers at once.</summary>
    public void Start() => _running = Task.WhenAll(_keeper.RunAsync(_stopping.Token), _upkeep.RunAsync(_stopping.Token));

    /// <summary>Waits until there is a lease in hand.</summary>
    public Task ReadyAsync(CancellationToken cancellationToken) => _keeper.IncarnationAsync(cancellationToken);

    /// <summary>Stops, and gives the lease back so that no owner waits for it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        await _stopping.CancelAsync();
        try
        {
            await _running;
        }
        catch (OperationCanceledException)
        {
            // That is how it stops.
        }

        if (_keeper.Lease is { } lease)
        {
            await _upkeep.LeaveAsync(lease.Incarnation, CancellationToken.None);
        }

        await _keeper.CloseAsync(CancellationToken.None);
    }

    /// <summary>Whether the lease stands; when it does not, it lapses here and now.</summary>
    internal bool LeaseStands(long now)
    {
        if (_keeper.Lease is not { } lease)
        {
            return false;
        }

        if (lease.Stands(now))
        {
            return true;
        }

        _keeper.Lapse(lease);
        return false;
    }

    /// <summary>Lets a credential's fact go.</summary>
    internal void LetGo(TokenDigest digest, HeldCredential held) => Credentials.LetGo(digest, held);

    /// <summary>What is kept of a session, there from the first fact of it on; null: the session has ended.</summary>
    internal HeldAccount? Account(string sessionId) => _accounts.GetValueOrDefault(sessionId);

    internal IEnumerable<KeyValuePair<string, HeldAccount>> Accounts => _accounts;

    /// <summary>
    /// Lets a session's fact go. What is kept of its use follows when the owner has saved it, which the next report asks for; shares of a
    /// budget are kept.
    /// </summary>
    internal void LetGo(string sessionId, HeldSession held) => SessionFacts.LetGo(sessionId, held, static left =>
    {
        if (!left.Fact.Budgeted)
        {
            left.Account.Leave();
        }
    });

    /// <summary>
    /// The worker of a request that was decided on this fact did not answer: if it is still the one that is held, the next request asks the owner,
    /// who asks where the worker is. What is kept of the session stays, for the request and others may still rest on it.
    /// </summary>
    internal void Doubt(HeldSession held)
    {
        var now = Time.GetTimestamp();
        if (held.Account.TryDoubt(now, now + Time.TimestampFrequency))
        {
            SessionFacts.LetGo(held.Fact.SessionId, held);
        }
    }

    /// <summary>The owner has saved all use up to this reading: unless there was more since, nothing need be kept of the session.</summary>
    internal void Close(string sessionId, HeldAccount account, long lastUsed)
    {
        if (account.TryClose(lastUsed))
        {
            _accounts.TryRemove(new KeyValuePair<string, HeldAccount>(sessionId, account));
        }
    }

    internal async Task<BudgetShare?> TakeShareAsync(string sessionId, long spent, int unused, CancellationToken cancellationToken)
    {
        var incarnation = await _keeper.IncarnationAsync(cancellationToken);
        try
        {
            return await _entities.Session(sessionId).TakeShareAsync(incarnation, spent, unused, cancellationToken).WaitAsync(cancellationToken);
        }
        catch (Exception problem) when (problem is not ControlPlaneException && !cancellationToken.IsCancellationRequested)
        {
            throw Questions.Unanswered(problem);
        }
    }

    /// <summary>Takes a recall: spoils the question, drops the fact, cuts what runs on it, and only then acknowledges.</summary>
    private RecallAnswer Take(string incarnation, Recall recall)
    {
        var answer = new RecallAnswer(incarnation, recall.Kind, recall.Subject, recall.Version, recall.Share);
        if (_keeper.Lease?.Incarnation != incarnation && TakeLapsed(recall, answer) is { } lapsed)
        {
            return lapsed;
        }

        LeaseMeter.Taken(recall);
        switch (recall.Kind)
        {
            case RecallKind.Share:
                return answer with { Unused = Account(recall.Subject.Key)?.Budget.Close(recall) ?? 0 };
            case RecallKind.Use:
                return answer with { UsedAgo = GiveUpForUse(recall.Subject.Key) };
            case RecallKind.Renewed:
                _ = _upkeep.RefreshAsync(request => request.Session?.Fact.SessionId == recall.Subject.Key, _stopping.Token);
                return answer;
            default:
                Drop(recall);
                return answer;
        }
    }

    /// <summary>
    /// What an earlier incarnation held went when it lapsed, and nobody knows any more what it had used: its share counts as used, and the
    /// owner has to wait until its lease is over to know when the session was last used. Null: it may be lapsing at this moment, so what is
    /// to be dropped is dropped here as well.
    /// </summary>
    private RecallAnswer? TakeLapsed(Recall recall, RecallAnswer answer) => recall.Kind switch
    {
        RecallKind.Use => throw new InvalidOperationException("The incarnation has lapsed and does not know any more when it was used."),
        RecallKind.Drop when _keeper.Lease is null => null,
        _ => answer,
    };

    private void Drop(Recall recall)
    {
        var key = recall.Subject.Key;
        switch (recall.Subject.Kind)
        {
            case Subject.CredentialKind:
                Credentials.RecallAsked(key, recall.Version);
                foreach (var token in _tokens.Of(key))
                {
                    Credentials.Recall(token, recall.Version);
                }

                break;
            case Subject.SessionKind:
                SessionFacts.Recall(key, recall.Version);
                if (recall.Because is { Code: ErrorCode.SessionEnded or ErrorCode.SessionFailed })
                {
                    // Only an end is for ever: a session whose worker has moved gives the same share again, and what was used stays used.
                    _accounts.TryRemove(key, out _);
                }

                break;
            default:
                var slash = key.IndexOf('/');
                Memberships.Recall((key[..slash], key[(slash + 1)..]), recall.Version);
                break;
        }

        var because = recall.Because ?? new Refusal(ErrorCode.CredentialInvalid, "The credential was revoked.");
        Registry.Where(request => request.MustCut(recall)).ForEach(request => request.CutNow(because));
    }

    /// <summary>Says when the session was last used here, and gives its fact up so that later requests ask the owner, who counts them.</summary>
    private TimeSpan? GiveUpForUse(string sessionId)
    {
        SessionFacts.Recall(sessionId, long.MaxValue);
        Registry.Where(request => request.LookAgain());
        return Account(sessionId) is { LastUsed: not 0 and var last } ? Time.GetElapsedTime(last) : null;
    }

    /// <summary>A lapse: every fact is dropped, every question spoiled, every stream cut. The process goes on under a new incarnation.</summary>
    private void Lapsed()
    {
        Credentials.Clear();
        Memberships.Clear();
        SessionFacts.Clear();
        _accounts.Clear();
        var because = Questions.Unanswered(null).Refusal;
        Registry.Where(request => request.MustCut()).ForEach(request => request.CutNow(because));
    }

    private Task<CredentialAnswer> AskCredentialAsync(TokenDigest digest, string id, string incarnation, CancellationToken cancellationToken) =>
        _entities.Credential(id).AuthorizeAsync(digest, incarnation, !Options.Reuse, cancellationToken);

    private Task<MembershipFact?> AskMembershipAsync(
        (string Workspace, string User) key, bool ask, string incarnation, CancellationToken cancellationToken) =>
        _entities.Workspace(key.Workspace).AuthorizeAsync(key.User, incarnation, !Options.Reuse, cancellationToken);

    private Task<SessionAnswer> AskSessionAsync(string id, SessionAsk ask, string incarnation, CancellationToken cancellationToken) =>
        _entities.Session(id).AuthorizeAsync(ask.Caller, ask.CloneName, incarnation, !Options.Reuse, cancellationToken);

    private HeldCredential? HoldCredential(TokenDigest digest, CredentialAnswer answer, long sent)
    {
        if (answer.Fact is not { } fact)
        {
            return null;
        }

        _tokens.Add(fact.Id, digest);
        return new HeldCredential(fact, fact.EndsIn is { } left ? After(sent, left) : long.MaxValue, Time.GetTimestamp());
    }

    private HeldSession? HoldSession(string id, SessionAnswer answer, long sent)
    {
        if (answer.Fact is not { } fact)
        {
            return null;
        }

        var end = After(sent, fact.EndsIn);
        foreach (var request in Registry.Where(request => request.Session?.Fact.SessionId == id))
        {
            request.Session!.Prolong(end);
        }

        return new HeldSession(fact, end, AccountFor(id));
    }

    private HeldAccount AccountFor(string sessionId)
    {
        while (true)
        {
            var account = _accounts.GetOrAdd(sessionId, static _ => new HeldAccount());
            if (account.TryHold())
            {
                return account;
            }

            _accounts.TryRemove(new KeyValuePair<string, HeldAccount>(sessionId, account));
        }
    }

    private long After(long sent, TimeSpan left) => sent + (long)(left.TotalSeconds * Time.TimestampFrequency);
}

/// <summary>On whose behalf a session is asked for.</summary>
internal readonly record struct SessionAsk(Caller Caller, string CloneName);
