using ControlPlane.Sessions;

namespace ControlPlane.Faults;

/// <summary>Which faults there can be.</summary>
internal static class FaultRules
{
    public const int Most = 50;

    private const int LongestPath = 500;
    private const int LongestMessage = 500;
    private const int LongestDelayMs = 60_000;
    private const int MostTimes = 1_000_000;

    /// <summary>What is wrong, beginning with where; null: nothing is.</summary>
    public static string? Wrong(CloneFaultList list) =>
        list.Faults is not { } faults ? "faults: give a list; an empty one ends all faults."
        : faults.Count > Most ? $"faults: at most {Most}."
        : faults.Select((fault, at) => Wrong(fault) is { } wrong ? $"faults[{at}].{wrong}" : null).FirstOrDefault(wrong => wrong is not null);

    private static string? Wrong(CloneFault? fault) => fault switch
    {
        null => "it is null.",
        { DelayMs: null, Status: null } and not { Drop: true } => "status: give delayMs, status or drop, or nothing would happen.",
        { Status: not null, Drop: true } => "drop: give it or status, not both.",
        { Message: not null, Status: null } => "message: it goes with status.",
        { DelayMs: < 1 or > LongestDelayMs } => $"delayMs: 1 to {LongestDelayMs}.",
        { Status: < 400 or > 599 } => "status: 400 to 599.",
        { Times: < 1 or > MostTimes } => $"times: 1 to {MostTimes}.",
        { Message.Length: > LongestMessage } => $"message: at most {LongestMessage} characters.",
        { Method: { } method } when method.Length is 0 or > 16 || !method.All(char.IsAsciiLetter) => "method: a word such as GET.",
        { Path: { } path } when path.Length > LongestPath || !path.StartsWith('/') => $"path: it begins with / and has at most {LongestPath} characters.",
        { Path: { } path } when path.Split('/').SkipLast(1).Contains("**") => "path: ** stands at the end.",
        _ => null,
    };
}
