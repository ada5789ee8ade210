namespace ControlPlane;

/// <summary>An expected end that is not a success: one sentence for standard error, which says what to do, and an exit code.</summary>
internal class CommandFailure(string message, int exitCode = ExitCodes.Failure) : Exception(message)
{
    public int ExitCode => exitCode;

    public static CommandFailure WrongUse(string message) => new(message, ExitCodes.WrongUse);
}
