using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using ControlPlane.Authorization;
using ControlPlane.Behaviour;
using ControlPlane.Credentials;
using ControlPlane.Hosting;
using ControlPlane.Sessions;
using ControlPlane.Telemetry;
using ControlPlane.Workspaces;
using Xunit.Abstractions;

namespace ControlPlane.Gateways;

/// <summary>A decision on held facts allocates nothing, whether anybody listens to its meters or not.</summary>
public sealed class AuthorizeCostTests(ITestOutputHelper output)
{
    private const int Rounds = 200;
    private const int Times = 5_000;
    private static readonly Caller Owner = new("own", CredentialKind.Personal, "ws", "u", Role.Owner, ScopeRules.All);

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_decision_on_held_facts_allocates_nothing(bool listened)
    {
        var (time, options) = (TimeProvider.System, new EntityOptions(new(), new(), new()));
        var (worker, doors) = (new FakeWorker("w1", 10), new LocalDoors());
        var entities = new LocalEntities(new MemoryStorage(), doors, time, options, _ => worker);
        await entities.Workers.RegisterAsync(worker.Beat);
        await entities.Workspace("ws").CreateAsync(new NewWorkspace("ws", "u", time.GetUtcNow()));
        await using var gateway = new Gateway(entities, doors, options.Leases, time);
        gateway.Start();
        await gateway.ReadyAsync(CancellationToken.None);
        var (admission, session, id) = (new Admission(gateway, new RefusedTokens(time, 20)), SessionId.New(), Token.NewId());
        await entities.Session(session).CreateAsync(Owner, World.New());
        var token = Token.Create(CredentialKind.WorkspaceKey, id);
        await entities.Credential(id).CreateAsync(new NewCredential(
            CredentialKind.WorkspaceKey, "ws", null, "", ScopeRules.All, TokenDigest.Of(token), time.GetUtcNow(), "", null));
        var ask = new CloneAsk(token, session, "github");
        using var listener = Listener(listened);

        var warm = new TestRequest();
        Assert.NotNull((await admission.AdmitAsync(warm, ask, CancellationToken.None)).Route);

        // The first rounds run code that is compiled in haste, which boxes what the final code does not.
        var (allocated, took) = (long.MaxValue, TimeSpan.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            var one = Decide(admission, ask);
            (allocated, took) = (Math.Min(allocated, one.Allocated), one.Took < took ? one.Took : took);
        }

        output.WriteLine($"{took.TotalNanoseconds / Times:F0} ns and {(double)allocated / Times:F2} B for each decision");
        Assert.Equal(0, allocated);
    }

    [SuppressMessage("Reliability", "CA2012", Justification = "It is decided at once, or this fails.")]
    private static (long Allocated, TimeSpan Took) Decide(Admission admission, CloneAsk ask)
    {
        var requests = Enumerable.Range(0, Times).Select(_ => new TestRequest()).ToArray();
        var (before, began) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
        foreach (var request in requests)
        {
            _ = admission.AdmitAsync(request, ask, CancellationToken.None).Result;
            admission.Leave(request);
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before, Stopwatch.GetElapsedTime(began));
    }

    private static MeterListener Listener(bool listened)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (listened && instrument.Meter.Name == Signals.Name)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>(static (_, _, _, _) => { });
        listener.Start();
        return listener;
    }
}
