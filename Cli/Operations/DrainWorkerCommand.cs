using System.CommandLine;
using ControlPlane.Commands;
using ControlPlane.Output;
using ControlPlane.Server;

namespace ControlPlane.Operations;

/// <summary>Gives a worker nothing new; what runs there runs on.</summary>
internal sealed class DrainWorkerCommand : ArchalCommand
{
    private readonly Argument<string> _worker = new("worker-id") { Description = "As 'archal admin status' shows it." };
    private readonly Option<bool> _undo = new("--undo") { Description = "Give it sessions again." };

    public DrainWorkerCommand(TimeProvider time)
        : base(
            "drain",
            "Give a worker no new sessions, also after restarts, until --undo. What runs there runs on.",
            time,
            "archal admin workers drain wrk-5j2k8m0q4r6t1v3x7z9abcdefg",
            "archal admin workers drain wrk-5j2k8m0q4r6t1v3x7z9abcdefg --undo")
    {
        Arguments.Add(_worker);
        Options.Add(_undo);
        Options.Add(CommonOptions.Json);
    }

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var id = UrlId.Checked(invocation.Parsed.GetRequiredValue(_worker), "worker");
        var worker = await invocation.Server.SendAsync(
            invocation.Parsed.GetValue(_undo) ? HttpMethod.Delete : HttpMethod.Put, $"/api/admin/workers/{id}/drain",
            ContractsJson.Default.WorkerLine, cancellationToken);
        if (invocation.WantsJson)
        {
            Screen.WriteJson(worker, ContractsJson.Default.WorkerLine);
        }
        else
        {
            Screen.WriteLine(FormattableString.Invariant(worker.DrainedByOperator
                ? $"{worker.WorkerId} is given no new sessions. {worker.Placements} run there."
                : (FormattableString)$"{worker.WorkerId} is given sessions again: {worker.Status}, room for {worker.Free}."));
        }

        return ExitCodes.Good;
    }
}
