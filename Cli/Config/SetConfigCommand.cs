using System.CommandLine;
using ControlPlane.Commands;
using ControlPlane.Output;

namespace ControlPlane.Config;

/// <summary>Configures one value for a profile.</summary>
internal sealed class SetConfigCommand : ArchalCommand
{
    private readonly Argument<string> _name = new("name") { Description = "api-url or workspace." };
    private readonly Argument<string> _value = new("value") { Description = "Its value." };

    public SetConfigCommand(TimeProvider time)
        : base(
            "set", "Configure a value for a profile.", time,
            "archal config set api-url https://control-plane.example", "archal config set workspace ws-two --profile work")
    {
        Arguments.Add(_name);
        Arguments.Add(_value);
    }

    protected override Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var key = ConfigKey.Named(invocation.Parsed.GetRequiredValue(_name));
        var value = invocation.Parsed.GetRequiredValue(_value).Trim();
        key.Check(value);
        invocation.Configuration.Change(values => key.With(values, value));
        Screen.WriteLine($"{key.Name} is {value} in the profile {invocation.Profile}.");
        if (ArchalVariables.Read(key.Variable) is not null)
        {
            Screen.WriteRemark($"{key.Variable} is set and goes before it.");
        }

        return Task.FromResult(ExitCodes.Good);
    }
}
