using System.Globalization;
using ControlPlane.Commands;
using ControlPlane.Output;

namespace ControlPlane.Operations;

/// <summary>What there is: silos, gateways, workers, and how many sessions.</summary>
internal sealed class AdminStatusCommand : ArchalCommand
{
    public AdminStatusCommand(TimeProvider time)
        : base("status", "Show silos, gateways with their leases, workers with their load, and how many sessions live.", time,
            "archal admin status", "archal admin status --json")
    {
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var status = await invocation.Server.GetAsync("/api/admin/status", ContractsJson.Default.InstallationStatus, cancellationToken);
        if (invocation.WantsJson)
        {
            Screen.WriteJson(status, ContractsJson.Default.InstallationStatus);
            return ExitCodes.Good;
        }

        var silos = new Table("SILO", "STATUS", "SINCE");
        foreach (var silo in status.Silos)
        {
            silos.Add(silo.Address, silo.Status, Durations.Text(silo.Since));
        }

        var gateways = new Table("GATEWAY", "STATUS", "LEASE LEFT", "SILENT FOR", "RECALLS OUTSTANDING");
        foreach (var gateway in status.Gateways)
        {
            gateways.Add(
                gateway.Incarnation, gateway.Status, Seconds(gateway.LeaseLeftSeconds), Seconds(gateway.SilentSeconds), Number(gateway.RecallsOutstanding));
        }

        var workers = new Table("WORKER", "STATUS", "PLACEMENTS", "CAPACITY", "FREE", "SILENT FOR", "ADDRESS");
        foreach (var worker in status.Workers)
        {
            workers.Add(
                worker.WorkerId, worker.DrainedByOperator ? $"{worker.Status} (operator)" : worker.Status, Number(worker.Placements),
                Number(worker.Capacity), Number(worker.Free), worker.SilentSeconds is { } silent ? Seconds(silent) : "-", worker.Address ?? "-");
        }

        foreach (var table in (Table[])[silos, gateways, workers])
        {
            table.Write();
            Screen.WriteLine("");
        }

        Screen.WriteLine($"Sessions: {Number(status.Sessions.Live)} live, {Number(status.Sessions.Placements)} placements on workers.");
        return ExitCodes.Good;
    }

    private static string Seconds(double seconds) => seconds.ToString("0.0 s", CultureInfo.InvariantCulture);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
