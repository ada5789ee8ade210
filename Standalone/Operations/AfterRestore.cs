using ControlPlane.Entities;
using ControlPlane.Storage;
using ControlPlane.Workers;

namespace ControlPlane.Operations;

/// <summary>
/// At the first start after a restore: sessions that were open in the backup are asked whether the worker still holds their clones. Cut at any
/// point it is done again by the next start.
/// </summary>
internal static partial class AfterRestore
{
    private const string Done = "done";
    private const string Open = "(state LIKE '%\"status\":\"Running\"%' OR state LIKE '%\"status\":\"Starting\"%')";
    private const int AtOnce = 64;

    public static async Task RunAsync(
        IEntities entities, SqliteStorage storage, IReadOnlyList<HeldPlacement> held, ILogger logger, CancellationToken cancellationToken)
    {
        var entries = await storage.Log.ReadAsync(Replacement.Log, 1, int.MaxValue, cancellationToken);
        if (entries is not [.., { Text: not Done } last])
        {
            return;
        }

        var failed = 0;
        foreach (var some in storage.Keys("session", Open).Chunk(AtOnce))
        {
            failed += (await Task.WhenAll(some.Select(id => entities.Session(id).RestoredAsync(held, cancellationToken)))).Count(gone => gone);
        }

        await storage.Log.TryAppendAsync(Replacement.Log, last.Position + 1, [Done], cancellationToken);
        LogRestored(logger, last.Text, failed);
    }

    [LoggerMessage(EventId = 5003, EventName = "RunningOnBackup", Level = LogLevel.Warning, Message = "Running on a backup of {Moment}: {Failed} sessions whose clones are not here have failed")]
    private static partial void LogRestored(ILogger logger, string moment, int failed);
}
