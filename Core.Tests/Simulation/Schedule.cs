using ControlPlane.Credentials;

namespace ControlPlane.Simulation;

/// <summary>What came of one schedule.</summary>
internal sealed record Outcome(long Seed, Exception? Problem, long Digest, long Steps, TimeSpan Took, string Profile, IReadOnlyList<string> Trace);

/// <summary>One seed's schedule: a system is set up, so many events befall it, then the faults end and everything must come to rest.</summary>
internal sealed class Schedule
{
    private readonly Cluster _cluster;
    private readonly Clients _clients;
    private readonly Faults _faults;
    private readonly Chance _chance;
    private readonly long _seed;
    private readonly int _events;
    private bool _isDone;

    public Schedule(long seed, int events, bool traced)
    {
        (_seed, _events, _chance) = (seed, events, new Chance(seed));
        _cluster = new Cluster(_chance, new Profile(_chance), traced);
        (_clients, _faults) = (new Clients(_cluster), new Faults(_cluster));
        _cluster.Storage.Written = new StorageChecks(_cluster).Written;
        _cluster.Storage.Written += new HolderChecks(_cluster).Written;
        _cluster.Director.Post(() => _ = RunAsync());
    }

    /// <summary>Does one thing; null: there is more to do.</summary>
    public Outcome? RunOne()
    {
        if (_cluster.Scheduler.Problem is null && !_isDone)
        {
            if (_cluster.Scheduler.RunOne())
            {
                return null;
            }

            _cluster.Scheduler.Problem = new Violation("deadlock", "nothing is left to do, and the schedule has not ended.");
        }

        var scheduler = _cluster.Scheduler;
        return new Outcome(
            _seed, scheduler.Problem, HashCodeOf(scheduler), scheduler.Steps, TimeSpan.FromTicks(scheduler.Now), _cluster.Profile.ToString(),
            _cluster.Trace.Lines);
    }

    private long HashCodeOf(Scheduler scheduler) => _chance.Digest ^ (scheduler.Steps * 31) ^ scheduler.Now;

    private async Task RunAsync()
    {
        try
        {
            await SetUpAsync();
            _cluster.IsCalm = false;
            for (var number = 0; number < _events; number++)
            {
                Happen();
                await PassAsync(Pause());
            }

            _faults.HealAll();
            await new Healing(_cluster, _clients).RunAsync();
            _cluster.Witness.MustPleaseTheJudge();
            _isDone = true;
        }
        catch (Exception problem)
        {
            _cluster.Scheduler.Problem ??= problem;
        }
    }

    private async Task SetUpAsync()
    {
        await PassAsync(TimeSpan.FromMilliseconds(10));
        await _clients.CreateWorkspaceAsync();
        await Task.WhenAll(CreateKey(), CreateKey(), CreateSession(), CreateSession());
        if (_cluster.Profile.Budgets && _chance.Is(0.2))
        {
            await DrainAsync();
        }

        if (_chance.Is(0.4))
        {
            await _clients.CreateTokenAsync(_clients.NewKey(CredentialKind.Personal, null));
        }

        if (_cluster.Profile.Members)
        {
            await Task.WhenAll(_clients.AddUserAsync(), _clients.AddUserAsync());
        }
    }

    /// <summary>A budget whose shares are of more than one request, nearly used up, so that shares are soon taken back with something left.</summary>
    private async Task DrainAsync()
    {
        var session = _clients.NewSession(null, 300);
        await _clients.CreateSessionAsync(session);
        for (var left = 300 - 3 - _chance.Next(9); left > 0; left--)
        {
            var request = SimulatedRequest.Start(_cluster, _chance.Of(_cluster.Gateways), _cluster.History.Keys[0], session, 0);
            while (!request.IsOver)
            {
                await PassAsync(TimeSpan.FromMilliseconds(1));
            }
        }
    }

    private TimeSpan Pause()
    {
        var pace = _chance.NextDouble() * 2 * _cluster.Profile.Pace;
        return TimeSpan.FromMilliseconds(_chance.Is(0.4) ? 0 : _chance.Is(0.05) ? pace * 20 : _chance.Is(0.01) ? pace * 150 : pace);
    }

    private void Happen()
    {
        var history = _cluster.History;
        var what = _chance.Next(100);
        if (what < 58)
        {
            var gateway = _chance.Of(_cluster.Gateways);
            if (gateway.Machine.IsUp)
            {
                SimulatedRequest.Start(_cluster, gateway, Recent(history.Keys), Recent(history.Sessions), _chance.Is(0.4) ? _chance.Next(8) : 0);
            }
        }
        else if (what < 58 + (3 * _cluster.Profile.Revokes))
        {
            var key = Recent(history.Keys);
            if (_cluster.Profile.Rotates && key is { Kind: CredentialKind.WorkspaceKey, RotateAsked: false, IsMade: true } && _chance.Is(0.6))
            {
                _ = _clients.RotateAsync(key, TimeSpan.FromSeconds(_chance.Is(0.4) ? 0 : _chance.Next(8)));
            }
            else if (key is { Kind: CredentialKind.WorkspaceKey } or { User: not null })
            {
                // Often again at once, as clients do that are impatient.
                for (var times = _chance.Is(0.4) ? 2 : 1; times > 0; times--)
                {
                    _ = key.User is { } user ? _clients.RemoveUserAsync(user) : _clients.RevokeAsync(key);
                }
            }
        }
        else if (what < 75)
        {
            if (_cluster.Profile.Members && history.Users.Count(user => !user.RemoveAsked) < 2)
            {
                _ = _clients.AddUserAsync();
            }
            else if (history.Keys.Count(key => !key.RevokeAsked && !key.RotateAsked && key.User is null) < 3)
            {
                _ = CreateKey();
            }
        }
        else if (what < 79)
        {
            if (history.Sessions.Count(session => !session.StopAsked) < 3)
            {
                _ = CreateSession();
            }
        }
        else if (what < 81)
        {
            _ = _clients.StopAsync(Recent(history.Sessions));
        }
        else if (what < 84)
        {
            if (Recent(history.Sessions) is { IsMade: true } session && (!session.StopAsked || _chance.Is(0.1)))
            {
                _ = _clients.RenewAsync(session, TimeSpan.FromSeconds(1 + _chance.Next(20)));
            }
        }
        else if (what < 86)
        {
            _ = _chance.Next(3) switch
            {
                0 => _clients.DescribeAsync(Recent(history.Sessions)),
                1 => _clients.ListAsync(),
                _ => _clients.KeysAsync(),
            };
        }
        else if (_faults.Possible is { Count: > 0 } faults && _chance.Is(0.5))
        {
            _chance.Of(faults)();
        }
    }

    private Task CreateKey() => _clients.CreateKeyAsync(_clients.NewKey(
        CredentialKind.WorkspaceKey,
        _cluster.Profile.Expiries && _chance.Is(0.5) ? _cluster.Director.Clock.GetUtcNow() + TimeSpan.FromSeconds(1 + _chance.Next(10)) : null));

    private Task CreateSession() => _clients.CreateSessionAsync(_clients.NewSession(
        _cluster.Profile.Expiries && _chance.Is(0.5) ? TimeSpan.FromSeconds(2 + _chance.Next(10)) : null,
        _cluster.Profile.Budgets && _chance.Is(0.7) ? _chance.Of([1, 5, 10, 30, 300]) : null));

    /// <summary>One of the latest few: what is old is done with, mostly.</summary>
    private T Recent<T>(List<T> all) => all[Math.Max(0, all.Count - 1 - _chance.Next(Math.Min(all.Count, 4)))];

    private Task PassAsync(TimeSpan span) => span > TimeSpan.Zero ? Task.Delay(span, _cluster.Director.Clock) : Task.CompletedTask;
}
