namespace ControlPlane.Simulation;

/// <summary>
/// Carries calls between machines. It loses, delays, repeats and reorders requests and answers; whoever waits for what was lost is told after
/// a while that the connection is gone.
/// </summary>
internal sealed class Network(Scheduler scheduler, Profile profile, Trace trace)
{
    private readonly HashSet<(Machine, Machine)> _cut = [];

    /// <summary>The faults are over: every call arrives, soon.</summary>
    public bool IsCalm { get; set; } = true;

    public Chance Chance => scheduler.Chance;

    public void Cut(Machine one, Machine other) => _cut.Add((one, other));

    public void HealAll() => _cut.Clear();

    /// <param name="act">What the callee does: a task of <typeparamref name="T"/>, or one without an answer.</param>
    public Task<T> CallAsync<T>(Machine from, Machine to, string name, Func<CancellationToken, Task> act, CancellationToken token)
    {
        var call = new Call<T>(this, from, to, name, act);
        call.Send(token);
        return call.Answer;
    }

    private bool IsLost(Machine from, Machine to) =>
        from != to && ((!IsCalm && Chance.Is(profile.Lost)) || (_cut.Count > 0 && _cut.Contains((from, to))));

    private bool IsRepeated(Machine from, Machine to) => from != to && !IsCalm && Chance.Is(profile.Repeated);

    private long Latency(Machine from, Machine to) =>
        from == to ? 0
        : IsCalm ? TimeSpan.TicksPerMillisecond
        : Chance.Is(profile.Late) ? Chance.Milliseconds(1, Chance.Is(0.2) ? 4000 : 300)
        : Chance.Milliseconds(0.1, 2);

    /// <summary>How long until whoever waits for a lost message is told.</summary>
    private long Patience() => Chance.Is(0.5) ? Chance.Milliseconds(1, 100) : Chance.Milliseconds(500, 8000);

    private sealed class Call<T>(Network network, Machine from, Machine to, string name, Func<CancellationToken, Task> act)
    {
        private readonly TaskCompletionSource<T> _answer = new();
        private readonly int _fromLife = from.Life;
        private CancellationTokenSource? _travels;
        private CancellationTokenRegistration _registration;
        private bool _isAnswered;

        private Scheduler Scheduler => network.Owner;

        public Task<T> Answer => _answer.Task;

        public void Send(CancellationToken token)
        {
            if (token.CanBeCanceled)
            {
                _travels = network.Travels ? new CancellationTokenSource() : null;
                _registration = token.UnsafeRegister(static (state, given) => ((Call<T>)state!).GiveUp(given), this);
            }

            var copies = network.IsRepeated(from, to) ? 2 : 1;
            for (var copy = 0; copy < copies; copy++)
            {
                if (network.IsLost(from, to))
                {
                    network.Note(from, to, name, "request lost");
                    FailLater();
                }
                else
                {
                    Scheduler.After(network.Latency(from, to), Arrive);
                }
            }
        }

        private void Arrive()
        {
            if (!to.IsUp)
            {
                FailLater();
                return;
            }

            void Lose() => FailLater();
            to.Died += Lose;
            to.Post(() =>
            {
                network.Note(from, to, name, "runs");
                _ = ServeAsync(Lose);
            });
        }

        private async Task ServeAsync(Action lose)
        {
            var served = Served();

            // What a callee throws is carried as it is: to throw it here again would cost more than all the rest.
            await served.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            to.Died -= lose;
            if (served.IsCompletedSuccessfully)
            {
                var answer = served is Task<T> told ? told.Result : default!;
                Return(() => _answer.TrySetResult(answer), answer);
            }
            else
            {
                var problem = served.Exception?.InnerException ?? new OperationCanceledException();
                Return(() => _answer.TrySetException(problem), problem.Message);
            }
        }

        private Task Served()
        {
            try
            {
                return act(_travels?.Token ?? CancellationToken.None);
            }
            catch (Exception problem)
            {
                return Task.FromException(problem);
            }
        }

        private void Return(Action give, object? what)
        {
            if (network.IsLost(to, from))
            {
                network.Note(to, from, name, "answer lost");
                FailLater();
                return;
            }

            Scheduler.After(network.Latency(to, from), () => from.Post(_fromLife, _ =>
            {
                if (!_isAnswered)
                {
                    network.Note(to, from, name, what);
                    Settle(give);
                }
            }, null));
        }

        private void FailLater() => Scheduler.After(network.Patience(), () => from.Post(_fromLife, _ =>
        {
            if (!_isAnswered)
            {
                Settle(() => _answer.TrySetException(new IOException($"{name}: the connection is gone.")));
            }
        }, null));

        private void GiveUp(CancellationToken token)
        {
            if (!_isAnswered)
            {
                _isAnswered = true;
                _answer.TrySetCanceled(token);
                if (_travels is { } travels)
                {
                    Scheduler.After(network.Latency(from, to), () => to.Post(travels.Cancel));
                }
            }
        }

        private void Settle(Action give)
        {
            _isAnswered = true;
            _registration.Dispose();
            give();
        }
    }

    private Scheduler Owner => scheduler;

    private bool Travels => profile.CancelsTravel;

    private void Note(Machine from, Machine to, string name, object? what)
    {
        if (trace.IsOn)
        {
            trace.Add($"{from.Name} > {to.Name} {name}: {what}");
        }
    }
}
