using System.CommandLine;
using ControlPlane.Commands;

namespace ControlPlane.Sessions;

/// <summary>Which session a command means: the one it names, before or after <c>--session</c>, or else the current one.</summary>
internal sealed class SessionChoice
{
    private readonly Argument<string?>? _argument;
    private readonly Option<string?> _option = new("--session") { Description = "The session. Default: the current one.", HelpName = "id" };

    /// <param name="asArgument">False where the command's argument is something else.</param>
    public SessionChoice(Command command, bool asArgument = true)
    {
        if (asArgument)
        {
            _argument = new("session") { Description = "The session. Default: the current one.", Arity = ArgumentArity.ZeroOrOne };
            command.Arguments.Add(_argument);
            _option.Hidden = true;
        }

        command.Options.Add(_option);
    }

    public string Id(Invocation invocation)
    {
        var argument = _argument is null ? null : invocation.Parsed.GetValue(_argument);
        var option = invocation.Parsed.GetValue(_option);
        return argument is null || option is null || string.Equals(argument, option, StringComparison.OrdinalIgnoreCase)
            ? argument ?? option ?? invocation.CurrentSession.Id()
            : throw CommandFailure.WrongUse($"Two sessions are named: {argument} and {option}.");
    }
}
