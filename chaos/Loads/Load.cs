using System.Diagnostics.CodeAnalysis;
using ControlPlane.Clusters;
using ControlPlane.Histories;

namespace ControlPlane.Loads;

/// <summary>
/// Tenants that each start a session and make a key, use it through all gateways at a fixed rate whatever the answers are (an open loop),
/// revoke it in the middle, go on a little, stop the session, and begin again. What was acknowledged as gone is asked for once more through every
/// gateway. Beside them a session and a key that stay, for short requests and, for some, for uploads of some seconds.
/// </summary>
public sealed class Load : IAsyncDisposable
{
    /// <summary>What is refused so for longer than this after the load was stopped is left, and not waited for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan KeysLive = TimeSpan.FromMinutes(15);

    /// <summary>As many tenants upload through each gateway.</summary>
    private const int Uploading = 8;

    private static readonly TimeSpan UploadLength = TimeSpan.FromSeconds(8);

    private readonly IReadOnlyList<Client> _clients;
    private readonly List<(string Session, (string Id, string Secret) Key)> _held = [];
    private readonly History _history;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _tenants = [];
    private long _stoppedAt = long.MaxValue;
    private int _requests;
    private int _revocations;

    private Load(Cluster cluster, IEnumerable<Uri> gateways, History history)
    {
        _history = history;
        _clients = [.. gateways.Select(gateway => new Client(gateway, cluster.Token, history))];
    }

    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Those that were acknowledged.</summary>
    public int Revocations => Volatile.Read(ref _revocations);

    /// <param name="gateways">Where they call, each at random.</param>
    /// <param name="tenants">How many there are at once.</param>
    /// <param name="perSecond">Requests of all of them together.</param>
    public static async Task<Load> StartAsync(Cluster cluster, IEnumerable<Uri> gateways, History history, int tenants, int perSecond, int seed)
    {
        var load = new Load(cluster, gateways, history);
        for (var number = 0; number < tenants; number++)
        {
            var session = await load.UntilMadeAsync(number, static client => client.StartAsync());
            var held = await load.UntilMadeAsync(number, static client => client.MakeKeyAsync());
            load._held.Add((session!, held!.Value));
            load._tenants.Add(load.RunAsync(held.Value, TimeSpan.FromSeconds((double)tenants / perSecond), new Random(seed + number)));
            load._tenants.Add(load.HoldAsync(session!, held.Value, TimeSpan.FromMilliseconds(100)));
            load._tenants.AddRange(load._clients.Where(_ => number < Uploading).Select(client => load.UploadAsync(client, session!, held.Value)));
        }

        return load;
    }

    /// <summary>Stops; every operation that is under way is waited for.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        _stoppedAt = History.Now;
        await _stopping.CancelAsync();
        await Task.WhenAll(_tenants);
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        _stopping.Dispose();
    }

    /// <summary>A session and keys for it that every gateway has admitted.</summary>
    public async Task<WarmKeys> WarmAsync(int keys)
    {
        var session = (await UntilMadeAsync(0, static client => client.StartAsync()))!;
        var made = new List<(string Id, string Secret)>();
        for (var number = 0; number < keys; number++)
        {
            made.Add((await UntilMadeAsync(number, static client => client.MakeKeyAsync(KeysLive)))!.Value);
        }

        await Task.WhenAll(made.Select(key => AskAllAsync(session, key)));
        return new WarmKeys(session, made);
    }

    /// <summary>Revokes them all at once; done when each is acknowledged and was asked with once more through every gateway.</summary>
    /// <param name="through">The one gateway that is told; null: each at random.</param>
    public async Task RevokeAllAsync(WarmKeys warm, Uri? through = null)
    {
        IReadOnlyList<Client> told = through is null ? _clients : [.. _clients.Where(client => client.Gateway == through)];
        await Task.WhenAll(warm.Keys.Select(async (key, number) =>
        {
            await RevokeAsync(key.Id, new Random(number), told);
            await AskAllAsync(warm.Session, key);
        }));
        await UntilDoneAsync(client => client.StopAsync(warm.Session), new Random(0), told);
    }

    /// <summary>Starts so many sessions at once, and stops each when its start has been acknowledged.</summary>
    public Task StartAllAsync(int sessions) => Task.WhenAll(Enumerable.Range(0, sessions).Select(async number =>
    {
        var session = (await UntilMadeAsync(number, static client => client.StartAsync()))!;
        await UntilDoneAsync(client => client.StopAsync(session), new Random(number), _clients);
    }));

    /// <summary>Each session that stays is asked for once through another gateway.</summary>
    public async Task AskHeldAsync(Uri gateway)
    {
        using var client = new Client(gateway, "", _history);
        await Task.WhenAll(_held.Select(held => client.RequestAsync(held.Session, held.Key.Id, held.Key.Secret, OperationKind.HeldRequest)));
    }

    /// <summary>A key that nobody revokes: its requests rest on facts that are held, whatever dies.</summary>
    private async Task HoldAsync(string session, (string Id, string Secret) key, TimeSpan every)
    {
        var requests = new List<Task>();
        for (var number = 0; !_stopping.IsCancellationRequested; number++)
        {
            requests.Add(RequestAsync(_clients[number % _clients.Count], session, key, OperationKind.HeldRequest));
            requests.RemoveAll(static request => request.IsCompleted);
            await Task.Delay(every, TimeProvider.System);
        }

        await Task.WhenAll(requests);
    }

    private async Task UploadAsync(Client client, string session, (string Id, string Secret) key)
    {
        while (!_stopping.IsCancellationRequested)
        {
            if (await client.UploadAsync(session, key.Id, key.Secret, UploadLength) != Operation.Ok)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }
        }
    }

    [SuppressMessage("Security", "CA5394", Justification = "A schedule and no secret.")]
    private async Task RunAsync((string Id, string Secret) held, TimeSpan every, Random random)
    {
        while (!_stopping.IsCancellationRequested)
        {
            if (await _clients[random.Next(_clients.Count)].StartAsync() is not { } session)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
                continue;
            }

            if (await _clients[random.Next(_clients.Count)].MakeKeyAsync(KeysLive) is not { } key)
            {
                await UntilDoneAsync(client => client.StopAsync(session), random, _clients);
                continue;
            }

            var requests = new List<Task>();
            Task? revoking = null;
            var revokeAt = random.Next(20, 80);
            var began = History.Now;
            for (var number = 0; number < 100 || revoking is { IsCompleted: false }; number++)
            {
                if (number == revokeAt || (number > revokeAt && revoking is null) || (_stopping.IsCancellationRequested && revoking is null))
                {
                    revoking = RevokeAsync(key.Id, random);
                }

                requests.Add(RequestAsync(_clients[random.Next(_clients.Count)], session, key));
                var ahead = began + (long)((number + 1) * every.TotalMicroseconds) - History.Now;
                if (ahead > 1000)
                {
                    await Task.Delay(TimeSpan.FromMicroseconds(ahead), TimeProvider.System);
                }
            }

            // However long the revocation took: what returned is asked after, also at a gateway that was frozen meanwhile.
            await revoking!;
            await Task.WhenAll([.. requests, AskAllAsync(session, key)]);
            await UntilDoneAsync(client => client.StopAsync(session), random, _clients);
            await AskAllAsync(session, held);
        }
    }

    private async Task RevokeAsync(string key, Random random, IReadOnlyList<Client>? told = null)
    {
        await UntilDoneAsync(client => client.RevokeAsync(key), random, told ?? _clients);
        Interlocked.Increment(ref _revocations);
    }

    /// <summary>Through one gateway or another, until it is acknowledged; what will never be is the judge's.</summary>
    [SuppressMessage("Security", "CA5394", Justification = "A schedule and no secret.")]
    private async Task UntilDoneAsync(Func<Client, Task<string>> act, Random random, IReadOnlyList<Client> told)
    {
        while (await act(told[random.Next(told.Count)]) is not Operation.Ok and var verdict)
        {
            if (Judge.IsUnfair(verdict) || History.Now - _stoppedAt > Patience.TotalMicroseconds)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    private async Task RequestAsync(Client client, string session, (string Id, string Secret) key, OperationKind kind = OperationKind.Request)
    {
        await client.RequestAsync(session, key.Id, key.Secret, kind);
        Interlocked.Increment(ref _requests);
    }

    private Task AskAllAsync(string session, (string Id, string Secret) key) => Task.WhenAll(_clients.Select(client => RequestAsync(client, session, key)));

    private async Task<T> UntilMadeAsync<T>(int number, Func<Client, Task<T?>> make)
    {
        for (var tries = 0; tries < 600; tries++)
        {
            if (await make(_clients[number % _clients.Count]) is { } made)
            {
                return made;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        throw new InvalidOperationException("The cluster makes no sessions or keys; its logs say why.");
    }
}
