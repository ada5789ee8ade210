using System.CommandLine;
using ControlPlane.Commands;
using ControlPlane.Output;

namespace ControlPlane.Operations;

/// <summary>Ends one incarnation of a gateway, so that no revocation waits for it any more.</summary>
internal sealed class EvictGatewayCommand : ArchalCommand
{
    private readonly Argument<string> _incarnation = new("incarnation") { Description = "As 'archal admin status' shows it." };

    public EvictGatewayCommand(TimeProvider time)
        : base(
            "evict",
            "Refuse a gateway further renewals, and wait until its lease has run out. A gateway that lives begins anew under another name.",
            time,
            "archal admin gateways evict 3f0c9a51b2de4f6f8f2e7d1a90b4c6e8")
    {
        Arguments.Add(_incarnation);
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var request = new EvictGatewayRequest { Incarnation = invocation.Parsed.GetRequiredValue(_incarnation) };
        var evicted = await invocation.Server.PostAsync(
            "/api/admin/gateways/evict", request, ContractsJson.Default.EvictGatewayRequest, ContractsJson.Default.EvictedGateway, cancellationToken);
        if (invocation.WantsJson)
        {
            Screen.WriteJson(evicted, ContractsJson.Default.EvictedGateway);
        }
        else
        {
            Screen.WriteLine(FormattableString.Invariant(
                $"Evicted {evicted.Incarnation}: its lease is over after {evicted.WaitedMs} ms, and nobody waits for it any more."));
        }

        return ExitCodes.Good;
    }
}
