using System.CommandLine;
using ControlPlane.Commands;
using ControlPlane.Output;

namespace ControlPlane.Config;

/// <summary>Takes one value out of a profile's configuration. Twice is harmless.</summary>
internal sealed class UnsetConfigCommand : ArchalCommand
{
    private readonly Argument<string> _name = new("name") { Description = "api-url or workspace." };

    public UnsetConfigCommand(TimeProvider time)
        : base("unset", "Take a value out of a profile's configuration.", time, "archal config unset workspace") => Arguments.Add(_name);

    protected override Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var key = ConfigKey.Named(invocation.Parsed.GetRequiredValue(_name));
        invocation.Configuration.Change(values => key.With(values, null));
        Screen.WriteLine($"{key.Name} is not configured in the profile {invocation.Profile}.");
        return Task.FromResult(ExitCodes.Good);
    }
}
