using System.Diagnostics.CodeAnalysis;
using ControlPlane.Entities;
using ControlPlane.Sessions;

namespace ControlPlane.Gateways;

/// <summary>
/// What a gateway does every third of its lease: tells owners of use, asks anew where an end is near that a renewal may have moved, and lets
/// go of what nobody used for longest when it holds too much.
/// </summary>
internal sealed class Upkeep(Gateway gateway, IEntities entities)
{
    /// <summary>How many facts of one kind a gateway holds; what is in use is never let go.</summary>
    private const int MostFacts = 100_000;

    public async Task RunAsync(CancellationToken stopping)
    {
        while (true)
        {
            await Task.Delay(gateway.Options.Third, gateway.Time, stopping);
            await Task.WhenAll(Reports(stopping).Append(RefreshEndingAsync(stopping)));
            LetGo(MostFacts);
        }
    }

    /// <summary>The gateway leaves: what owners do not know yet of use, and what is left of the shares it has. Shares that do not arrive are lost.</summary>
    public async Task LeaveAsync(string incarnation, CancellationToken limit)
    {
        await Task.WhenAll(Reports(limit).Concat(
            from row in gateway.Accounts.ToList()
            let open = row.Value.Budget.CloseOpen()
            where open is not null
            select QuietAsync(token => entities.Session(row.Key).ReturnShareAsync(incarnation, open.Value.Number, open.Value.Unused, token), limit)));

        // What was counted beside a report that had to be made again.
        await Task.WhenAll(UsageReports(limit));
    }

    /// <summary>One message for each workspace with use that it has not been told of.</summary>
    private IEnumerable<Task> UsageReports(CancellationToken stopping) => gateway.Uses.Due(gateway.Incarnation).Select(due => QuietAsync(
        async limit =>
        {
            await entities.Usage(due.Key).AddAsync(due.Value, limit);
            gateway.Uses.Answered(due.Key, due.Value);
        },
        stopping));

    /// <summary>One message for each session, credential and workspace with use since the last one.</summary>
    private IEnumerable<Task> Reports(CancellationToken stopping)
    {
        var now = gateway.Time.GetTimestamp();
        var inUse = new Lazy<HashSet<HeldAccount>>(InUse);
        foreach (var (id, account) in gateway.Accounts)
        {
            if (account.IsLeft && !inUse.Value.Contains(account))
            {
                yield return QuietAsync(limit => CloseAsync(id, account, now, limit), stopping);
            }
            else if (account.TakeUnreported() is { } used)
            {
                var use = new SessionUse(gateway.Time.GetElapsedTime(used.LastUsed, now), used.Requests, used.Bytes);
                yield return QuietAsync(limit => entities.Session(id).ReportUseAsync(use, limit), stopping);
            }
        }

        // A stream that runs is a use, though it began long ago: so an owner hears of every gateway that lets something of it through.
        var running = gateway.Registry.Where(request => request is { Credential: not null, CutBecause: null })
            .Select(request => request.Credential!).Distinct().ToList();
        running.ForEach(held => held.Used(now));
        foreach (var secrets in running.Concat(gateway.Credentials.All).GroupBy(held => held.Fact.Id))
        {
            if (secrets.Max(held => held.TakeUnreported()) is { } last)
            {
                yield return QuietAsync(
                    limit => entities.Credential(secrets.Key).ReportUseAsync(gateway.Time.GetElapsedTime(last, now), limit), stopping);
            }
        }

        foreach (var report in UsageReports(stopping))
        {
            yield return report;
        }
    }

    /// <summary>
    /// Tells the last use of a session whose fact was let go, and keeps nothing of it once that is saved. What was reported before may have
    /// been lost with the activation that heard it.
    /// </summary>
    private async Task CloseAsync(string sessionId, HeldAccount account, long now, CancellationToken limit)
    {
        var (last, used) = (account.LastUsed, account.TakeUnreported());
        if (last != 0)
        {
            await entities.Session(sessionId).ReportUseAsync(
                new SessionUse(gateway.Time.GetElapsedTime(last, now), used?.Requests ?? 0, used?.Bytes ?? 0, Final: true), limit);
        }

        gateway.Close(sessionId, account, last);
    }

    /// <summary>What is kept of sessions on which something runs: a stream may run on an earlier fact than the one that is held.</summary>
    private HashSet<HeldAccount> InUse() =>
        gateway.Registry.Where(request => request.Session is not null).Select(request => request.Session!.Account).ToHashSet();

    /// <summary>Asks anew about the sessions that some of what is in flight runs on; what runs goes on until the end that is answered.</summary>
    public Task RefreshAsync(Func<InFlight, bool> concerned, CancellationToken stopping) => Task.WhenAll(
        gateway.Registry.Where(request => request.Session is not null && concerned(request))
            .Select(request => (request.Session!.Fact.SessionId, Ask: request.AskAnew)).Where(row => row.Ask is not null)
            .DistinctBy(row => row.SessionId)
            .Select(row => QuietAsync(limit => gateway.SessionFacts.AskAsync(
                row.SessionId, row.Ask!.Value, gateway.Questions.NextMoment(), reuse: false, limit).AsTask(), stopping)));

    /// <summary>Streams that run on a session whose end is near: the owner may have moved it.</summary>
    private Task RefreshEndingAsync(CancellationToken stopping)
    {
        var soon = gateway.Time.GetTimestamp() + (long)(gateway.Options.Duration.TotalSeconds * gateway.Time.TimestampFrequency);
        return RefreshAsync(request => request.Session!.End < soon, stopping);
    }

    /// <summary>Lets the least recently used facts go where there are more than so many of a kind; never one that something in flight rests on.</summary>
    internal void LetGo(int most)
    {
        if (gateway.SessionFacts.Count > most)
        {
            var inUse = InUse();
            Oldest(gateway.SessionFacts, held => inUse.Contains(held.Account), most).ForEach(row => gateway.LetGo(row.Key, row.Value));
        }

        if (gateway.Credentials.Count > most)
        {
            var inUse = gateway.Registry.Where(request => request.Credential is not null).Select(request => request.Credential!.Fact.Id).ToHashSet();
            Oldest(gateway.Credentials, held => inUse.Contains(held.Fact.Id), most).ForEach(row => gateway.LetGo(row.Key, row.Value));
        }

        if (gateway.Memberships.Count > most)
        {
            var inUse = gateway.Registry.Where(request => request.Membership is not null).Select(request => request.Membership!.Subject).ToHashSet();
            Oldest(gateway.Memberships, held => inUse.Contains(held.Subject), most).ForEach(row => gateway.Memberships.LetGo(row.Key, row.Value));
        }
    }

    private static List<KeyValuePair<TKey, THeld>> Oldest<TKey, TAsk, TAnswer, THeld>(
        Facts<TKey, TAsk, TAnswer, THeld> facts, Func<THeld, bool> inUse, int most)
        where TKey : notnull where TAsk : IEquatable<TAsk> where THeld : class, IHeld =>
        [.. facts.Entries().Where(row => !inUse(row.Value)).OrderBy(row => row.Value.LastUsed).Take(facts.Count - most)];

    /// <summary>A report that does not arrive is made up for by the next one; an owner that is about to end a session asks by itself.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Nothing here may end the upkeep.")]
    private async Task QuietAsync(Func<CancellationToken, Task> act, CancellationToken stopping)
    {
        try
        {
            using var limit = new TimeLimit(gateway.Options.Third, gateway.Time, stopping);
            await act(limit.Token).WaitAsync(limit.Token);
        }
        catch (Exception)
        {
            // See above.
        }
    }
}
