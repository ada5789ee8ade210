using System.CommandLine;
using ControlPlane.AgentTraces;
using ControlPlane.Commands;
using ControlPlane.Output;
using ControlPlane.Server;
using ControlPlane.Sessions;

namespace ControlPlane.Inspection;

/// <summary>Everything that is known of one session or run. Asking prolongs nothing.</summary>
internal sealed class InspectCommand : Command
{
    public InspectCommand(TimeProvider time)
        : base("inspect", "Show all that is known of one session or run.")
    {
        Subcommands.Add(new InspectSessionCommand(time));
        Subcommands.Add(new InspectRunCommand(time));
    }

    /// <summary>A session, and until when it lives.</summary>
    private sealed class InspectSessionCommand : ArchalCommand
    {
        private readonly Argument<string> _id = new("id") { Description = "The session's id." };

        public InspectSessionCommand(TimeProvider time)
            : base(
                "session", "Show one session: its clones, and until when it lives.", time,
                "archal inspect session ses-0f5q2m8k3r7t1v9x4z6abcdefg", "archal inspect session ses-0f5q2m8k3r7t1v9x4z6abcdefg --json")
        {
            Arguments.Add(_id);
            Options.Add(CommonOptions.Json);
        }

        protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
        {
            var id = invocation.Parsed.GetRequiredValue(_id);
            var session = await invocation.Server.GetAsync(SessionPaths.One(id), ContractsJson.Default.SessionSummary, cancellationToken);
            if (invocation.WantsJson)
            {
                Screen.WriteJson(session, ContractsJson.Default.SessionSummary);
                return ExitCodes.Good;
            }

            var liveness = await invocation.Server.GetAsync(SessionPaths.Liveness(id), ContractsJson.Default.SessionLiveness, cancellationToken);
            InspectionText.Write(session);
            InspectionText.Write(liveness);
            return ExitCodes.Good;
        }
    }

    /// <summary>A run: its session, and the traces about it.</summary>
    private sealed class InspectRunCommand : ArchalCommand
    {
        private readonly Argument<string> _id = new("id") { Description = "The run's id, which is that of its session." };

        public InspectRunCommand(TimeProvider time)
            : base(
                "run", "Show one run: its session, how long it took, and the traces about it.", time,
                "archal inspect run ses-0f5q2m8k3r7t1v9x4z6abcdefg", "archal inspect run ses-0f5q2m8k3r7t1v9x4z6abcdefg --json")
        {
            Arguments.Add(_id);
            Options.Add(CommonOptions.Json);
        }

        protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
        {
            var id = UrlId.Checked(invocation.Parsed.GetRequiredValue(_id), "run");
            var run = await invocation.Server.GetAsync($"/api/runs/{id}", ContractsJson.Default.RunRecord, cancellationToken);
            if (invocation.WantsJson)
            {
                Screen.WriteJson(run, ContractsJson.Default.RunRecord);
                return ExitCodes.Good;
            }

            InspectionText.Write(run.Session);
            InspectionText.Line("Took", Durations.Text(TimeSpan.FromSeconds(Math.Round(run.DurationSeconds))));
            if (run.Traces.Count > 0)
            {
                Screen.WriteLine("");
                TraceTable.Write(run.Traces);
            }

            return ExitCodes.Good;
        }
    }
}
