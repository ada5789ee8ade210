namespace ControlPlane;

/// <summary>What the program answers its shell with; <c>run</c> answers with its child's own code.</summary>
internal static class ExitCodes
{
    public const int Good = 0;
    public const int Failure = 1;

    /// <summary>The call itself was wrong: an option, an argument or a variable.</summary>
    public const int WrongUse = 2;

    /// <summary>The command of <c>run</c> could not be started, as shells say it.</summary>
    public const int CannotStart = 127;

    /// <summary>What a shell answers for a program that a signal ended.</summary>
    public static int Signalled(int signal) => 128 + signal;
}
