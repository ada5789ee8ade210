using System.CommandLine;
using System.CommandLine.Parsing;
using ControlPlane.Commands;
using ControlPlane.Output;

namespace ControlPlane;

/// <summary>From arguments to an exit code. Whatever goes wrong is one line on standard error.</summary>
internal static class ArchalProgram
{
    // No response files: `archal run -- tool @file` must pass `@file` on, not what the file holds.
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    // Signals keep their plain meaning; `run` alone takes them over, and does so itself.
    private static readonly InvocationConfiguration Invoking =
        new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };

    public static async Task<int> RunAsync(string[] arguments, TimeProvider time)
    {
        try
        {
            var parsed = ArchalCommands.Root(time).Parse(arguments, Parsing);
            if (parsed.Errors is [var error, ..] && parsed.Action is not { ClearsParseErrors: true })
            {
                throw CommandFailure.WrongUse($"{error.Message} See '{NameOf(parsed.CommandResult.Command)} --help'.");
            }

            if (StrayOption(parsed) is { } option)
            {
                throw CommandFailure.WrongUse($"There is no option {option}. See '{NameOf(parsed.CommandResult.Command)} --help'.");
            }

            return await parsed.InvokeAsync(Invoking);
        }
        catch (CommandFailure failure)
        {
            Screen.WriteError(failure.Message);
            return failure.ExitCode;
        }
        catch (Exception unexpected) when (unexpected is IOException or UnauthorizedAccessException)
        {
            Screen.WriteError(unexpected.Message);
            return ExitCodes.Failure;
        }
    }

    // The parser takes an option that it does not know for an argument. Behind `--`, and behind the command of `run`, it is one.
    private static Token? StrayOption(ParseResult parsed)
    {
        var arguments = parsed.CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(result => result.Argument.CaptureRemainingTokens ? result.Tokens.Take(1) : result.Tokens)
            .ToHashSet();
        return parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash)
            .FirstOrDefault(token => token.Value is ['-', _, ..] && arguments.Contains(token));
    }

    private static string NameOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{NameOf(parent)} {command.Name}" : "archal";
}
