using System.Diagnostics.CodeAnalysis;
using BenchmarkDotNet.Attributes;
using ControlPlane.Credentials;
using ControlPlane.Errors;
using ControlPlane.Gateways;
using ControlPlane.Leases;

namespace ControlPlane;

/// <summary>
/// What a gateway does between having read a request and forwarding it: enter the registry, find both facts by the token's digest and the
/// session's id, look at the lease's clocks, decide, and leave. The owners are stand-ins, for nobody asks them; all else is the gateway.
/// </summary>
// In this process: the generated project of its own would take the house's build files for its own.
[InProcess, MemoryDiagnoser]
[SuppressMessage("Design", "CA1001", Justification = "The benchmark's own setup and cleanup make and dispose it.")]
public class AuthorizeBenchmarks
{
    private readonly Request _request = new();
    private Gateway _gateway = null!; // Made in the setup, which runs first.
    private Admission _admission = null!; // The same.
    private CloneAsk[] _asks = [];
    private int _next;

    /// <summary>How many sessions' facts the gateway holds, each with a key of its own. It never keeps more than 100 000.</summary>
    [Params(1, 1_000, 100_000)]
    public int Held { get; set; }

    // The benchmark's engine does not wait for a task that is made here.
    [GlobalSetup]
    public void SetUp() => HoldAsync().GetAwaiter().GetResult();

    [GlobalCleanup]
    public void CleanUp() => _gateway.DisposeAsync().AsTask().GetAwaiter().GetResult();

    [Benchmark(Description = "admit a request on held facts")]
    public bool Admit()
    {
        var ask = _asks[_next = _next + 1 < _asks.Length ? _next + 1 : 0];
        var verdict = _admission.AdmitAsync(_request, ask, CancellationToken.None);
        var admitted = verdict is { IsCompletedSuccessfully: true, Result.Route: not null };
        _admission.Leave(_request);
        return admitted ? admitted : throw new InvalidOperationException("It asked, or refused.");
    }

    private async Task HoldAsync()
    {
        _gateway = new Gateway(Owners.Entities, new LocalDoor(), new LeaseOptions { Duration = TimeSpan.FromMinutes(1) }, TimeProvider.System);
        _gateway.Start();
        await _gateway.ReadyAsync(CancellationToken.None);
        _admission = new Admission(_gateway, new RefusedTokens(TimeProvider.System, 20));
        _asks = [.. Enumerable.Range(0, Held).Select(number => new CloneAsk(
            Token.Create(CredentialKind.WorkspaceKey, Token.NewId()), $"ses-{number}", "github"))];
        foreach (var ask in _asks)
        {
            var verdict = await _admission.AdmitAsync(_request, ask, CancellationToken.None);
            _admission.Leave(_request);
            if (verdict.Route is null)
            {
                throw new InvalidOperationException($"Refused: {verdict.Refusal}");
            }
        }

        new Random(4711).Shuffle(_asks);
    }

    private sealed class Request : InFlight
    {
        protected override void OnCut(Refusal because)
        {
        }
    }

    private sealed class LocalDoor : IGatewayDoor
    {
        public Task<string> OpenAsync(Func<Recall, RecallAnswer> take, CancellationToken cancellationToken) => Task.FromResult("bench");

        public Task CloseAsync(string incarnation) => Task.CompletedTask;
    }
}

/// <summary>The dearest part of it: the token's digest, by which its fact is found.</summary>
[InProcess, MemoryDiagnoser]
public class DigestBenchmarks
{
    private readonly string _token = Token.Create(CredentialKind.WorkspaceKey, Token.NewId());

    [Benchmark(Description = "the digest of a token, a part of it")]
    public TokenDigest Digest() => TokenDigest.Of(_token);
}
