using ControlPlane.Errors;
using ControlPlane.Storage;
using Microsoft.Data.Sqlite;

namespace ControlPlane.Operations;

/// <summary>Copies the database while it is in use. The copy is made beside it, and is gone when it has been sent.</summary>
internal sealed class OnlineBackups(string directory, TimeProvider time) : IBackups
{
    // One at a time: each takes as much room on the disk as the database.
    private readonly SemaphoreSlim _turn = new(1, 1);

    public async Task<Backup> TakeAsync(CancellationToken cancellationToken = default)
    {
        if (!await _turn.WaitAsync(TimeSpan.Zero, cancellationToken))
        {
            throw new ControlPlaneException(new Refusal(
                ErrorCode.TooManyRequests, "Another backup is being made. Try again when it is done.", TimeSpan.FromSeconds(5)));
        }

        var copy = Path.Combine(directory, "backup.part");
        try
        {
            File.Delete(copy);

            // Before the copy begins: whatever was acknowledged by then is in it.
            var moment = time.GetUtcNow();
            await Task.Run(() => BackupFile.Take(Path.Combine(directory, DataDirectory.DatabaseFile), copy, moment), cancellationToken);
            return new Backup(new Sent(copy, _turn), moment);
        }
        catch (Exception problem)
        {
            File.Delete(copy);
            _turn.Release();
            if (problem is SqliteException or IOException)
            {
                throw new ControlPlaneException(
                    new Refusal(ErrorCode.ControlPlaneUnavailable, "The backup could not be made: the disk may be full. The log says why."), problem);
            }

            throw;
        }
    }

    /// <summary>The copy on its way; the next one may be made when it is closed.</summary>
    private sealed class Sent(string path, SemaphoreSlim turn)
        : FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.Asynchronous | FileOptions.SequentialScan | FileOptions.DeleteOnClose)
    {
        private int _closed;

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (Interlocked.Exchange(ref _closed, 1) == 0)
            {
                turn.Release();
            }
        }
    }
}
