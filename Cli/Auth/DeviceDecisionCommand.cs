using System.CommandLine;
using ControlPlane.Commands;
using ControlPlane.Output;

namespace ControlPlane.Auth;

/// <summary>Lets a device in that shows a code, or refuses it: what the page <c>/device</c> does, for whoever is logged in here.</summary>
internal sealed class DeviceDecisionCommand : ArchalCommand
{
    private const string Path = "/auth/device/approval";

    private readonly Argument<string> _code = new("code") { Description = "The code that the device shows." };
    private readonly Option<bool> _yes = new("--yes") { Description = "Do not ask again before the device is let in." };
    private readonly bool _approves;

    private DeviceDecisionCommand(string name, string description, bool approves, TimeProvider time)
        : base(name, description, time, $"archal device {name} BCDF-GHJK")
    {
        _approves = approves;
        Arguments.Add(_code);
        if (approves)
        {
            Options.Add(_yes);
        }
    }

    public static DeviceDecisionCommand Approve(TimeProvider time) => new("approve", "Let the device in that shows a code. It will act as you.", approves: true, time);

    public static DeviceDecisionCommand Deny(TimeProvider time) => new("deny", "Refuse the device that shows a code.", approves: false, time);

    protected override async Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var code = invocation.Parsed.GetRequiredValue(_code);
        if (_approves && !invocation.Parsed.GetValue(_yes))
        {
            var asks = await DecideAsync(invocation, code, null, cancellationToken);
            Screen.WriteRemark($"{asks.UserCode}: {asks.ClientName ?? "a device that gave no name"}, from {asks.Address ?? "an unknown address"}, asks to act as you in {asks.Workspace}.");
            if (Console.IsInputRedirected)
            {
                throw CommandFailure.WrongUse("There is no terminal to ask at. If you began this login yourself, add --yes.");
            }

            Console.Error.Write("Let it in? Only if you began this login yourself. [y/N] ");
            if (Console.ReadLine()?.Trim() is not ("y" or "Y" or "yes"))
            {
                throw new CommandFailure("Nothing was decided. 'archal device deny' refuses the device.");
            }
        }

        var decided = await DecideAsync(invocation, code, _approves ? "approve" : "deny", cancellationToken);
        Screen.WriteLine(_approves ? $"{decided.UserCode} is let in, to act as you in {decided.Workspace}." : $"{decided.UserCode} is refused.");
        return ExitCodes.Good;
    }

    private static Task<DeviceApproval> DecideAsync(Invocation invocation, string code, string? decision, CancellationToken cancellationToken) =>
        invocation.Server.PostAsync(
            Path, new DeviceApprovalRequest { UserCode = code, Decision = decision },
            ContractsJson.Default.DeviceApprovalRequest, ContractsJson.Default.DeviceApproval, cancellationToken);
}
