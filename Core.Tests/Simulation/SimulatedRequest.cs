using ControlPlane.Errors;
using ControlPlane.Gateways;

namespace ControlPlane.Simulation;

/// <summary>
/// A request's life at a gateway: it arrives, is decided, reads chunks from the clone and passes each on after the check that the data path
/// makes, and leaves.
/// </summary>
internal sealed class SimulatedRequest(Cluster cluster, GatewayProcess at, KnownKey key, KnownSession session, int chunks) : InFlight
{
    /// <summary>How long others go on at most while a thread stands in the middle of a decision.</summary>
    public static readonly TimeSpan HeldUp = TimeSpan.FromMilliseconds(20);

    private readonly Machine _machine = at.Machine;
    private readonly int _life = at.Machine.Life;
    private bool _preempted;

    public Verdict Verdict { get; private set; }

    public bool IsOver { get; private set; }

    /// <summary>Whether the gateway has ended what ran.</summary>
    public bool WasCut { get; private set; }

    public GatewayProcess At => at;

    public KnownKey Key => key;

    public KnownSession Wanted => session;

    public static SimulatedRequest Start(Cluster cluster, GatewayProcess at, KnownKey key, KnownSession session, int chunks)
    {
        var request = new SimulatedRequest(cluster, at, key, session, chunks);
        cluster.History.InFlight++;
        at.Machine.Died += request.Leave;
        at.Machine.Post(() => _ = request.RunAsync());
        return request;
    }

    protected override void OnCut(Refusal because) => WasCut = true;

    private async Task RunAsync()
    {
        var checks = new RequestChecks(cluster, at, key, session);
        try
        {
            session.Unclear++;
            var (asked, invoked) = (cluster.Scheduler.Now, cluster.Witness.Now);
            Arm();
            var verdict = at.Admission.AdmitAsync(this, new CloneAsk(key.Token, session.Id, "github"), CancellationToken.None);
            at.Machine.Clock.OnWall = null;
            var atOnce = verdict.IsCompleted;
            Verdict = await verdict;
            if (_machine.Life != _life)
            {
                return;
            }

            if (cluster.Trace.IsOn)
            {
                cluster.Trace.Add($"{_machine.Name} request {key.Id} {session.Id}: {(Verdict.Route is null ? Verdict.Refusal!.Code : "admitted")}");
            }

            cluster.Witness.Decided(key, session, _machine.Name, invoked, Verdict);
            checks.Decided(Verdict, asked, exact: atOnce && !_preempted);
            if (Verdict.Route is not null)
            {
                cluster.Streams.Opened(this);
                await ReadAsync(checks);
            }
        }
        catch (Exception problem)
        {
            cluster.Scheduler.Problem ??= problem;
        }
        finally
        {
            if (_machine.Life == _life)
            {
                at.Admission.Leave(this);
                Leave();
            }
        }
    }

    private async Task ReadAsync(RequestChecks checks)
    {
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            await Task.Delay(TimeSpan.FromTicks(cluster.Chance.Milliseconds(0, cluster.Chance.Is(0.2) ? 3000 : 50)), _machine.Clock);

            // Read from the clone; from here to the passing on nothing is awaited, but another thread may come in between.
            Arm();
            var passes = MayPass(bytes: 1);
            _machine.Clock.OnWall = null;
            if (!passes || _machine.Life != _life)
            {
                return;
            }

            checks.Passed(exact: !_preempted);
        }
    }

    private void Leave()
    {
        if (!IsOver)
        {
            IsOver = true;
            cluster.Streams.Closed(this);
            _machine.Died -= Leave;
            cluster.History.InFlight--;
        }
    }

    /// <summary>Lets others go on while this thread stands in the middle of a decision.</summary>
    private void Arm()
    {
        _preempted = false;
        if (!cluster.IsCalm && cluster.Chance.Is(cluster.Profile.Preempts))
        {
            _machine.Clock.OnWall = () =>
            {
                _preempted = true;
                cluster.Scheduler.RunOthers(cluster.Chance.Milliseconds(0, HeldUp.TotalMilliseconds));
            };
        }
    }
}
