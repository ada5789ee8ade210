using System.Globalization;
using ControlPlane.Gateways;
using Microsoft.Data.Sqlite;

namespace ControlPlane.Storage;

/// <summary>What came of putting a backup in the database's place.</summary>
/// <param name="KeptRevoked">Credentials that the replaced database alone knew as revoked, and that stay so; null: there was none to look them up in.</param>
/// <param name="Aside">Where the database is that was replaced; null: there was none.</param>
internal sealed record Replaced(int? KeptRevoked, string? Aside);

/// <summary>
/// Puts a backup in the place of the database of a process that does not run. Cut at any point, the next start finds the one or the other,
/// whole, and what was replaced is kept beside it.
/// </summary>
internal static class Replacement
{
    /// <summary>The log that tells the next start that it is the first after a restore.</summary>
    public const string Log = "restored";

    public static Replaced Put(string backup, string database, DateTimeOffset moment, DateTimeOffset now)
    {
        var next = database + ".restoring";
        DeleteAll(next);
        Database.CreatePrivate(next);
        File.Copy(backup, next, overwrite: true);

        var readable = File.Exists(database) && Fold(database);
        int? kept;
        using (var connection = Database.Open(next, SqliteOpenMode.ReadWrite))
        {
            kept = readable ? KeepRevoked(connection, database) : null;
            Database.Execute(connection, "DROP TABLE backup");
            Database.Execute(
                connection, "INSERT INTO log_end (name, next) VALUES ($log, 2) ON CONFLICT (name) DO UPDATE SET next = next + 1", ("$log", Log));
            Database.Execute(
                connection, "INSERT INTO log (name, position, text) SELECT name, next - 1, $text FROM log_end WHERE name = $log",
                ("$text", moment.ToString("O", CultureInfo.InvariantCulture)), ("$log", Log));
            Database.Execute(connection, "PRAGMA journal_mode=WAL");
        }

        var aside = File.Exists(database) ? KeepAside(database, now) : null;

        // A journal of the database before would be played into this one.
        File.Delete(database + "-wal");
        File.Delete(database + "-shm");
        File.Move(next, database, overwrite: true);
        return new Replaced(kept, aside);
    }

    /// <summary>Folds the journal of a process that was killed into its database; false: it cannot be read.</summary>
    private static bool Fold(string database)
    {
        try
        {
            using var connection = Database.Open(database, SqliteOpenMode.ReadWrite);
            Database.Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
            return Database.Scalar(connection, "PRAGMA quick_check(1)") is "ok";
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    /// <summary>
    /// Revoked is final, and who was told so relies on it: what the replaced database knows as revoked is taken from there, also what the backup
    /// does not know, for a backup that is put in its place later may. Versions are not compared: they count saves, and of two databases
    /// that went on from the same backup neither counts those of the other. A credential's record refers to no other.
    /// </summary>
    private static int KeepRevoked(SqliteConnection connection, string database)
    {
        Database.Execute(connection, "ATTACH $database AS replaced", ("$database", database));
        var kept = Database.Execute(
            connection,
            """
            INSERT INTO main.record (kind, key, version, state)
            SELECT kind, key, version, state FROM replaced.record
            WHERE kind = 'credential' AND json_extract(state, '$.revokedAt') IS NOT NULL AND json_extract(state, '$.workspaceId') <> $warmUp
            ON CONFLICT (kind, key) DO UPDATE SET version = max(record.version, excluded.version) + 1, state = excluded.state
            WHERE json_extract(record.state, '$.revokedAt') IS NULL
            """,
            ("$warmUp", WarmUp.Workspace));
        Database.Execute(connection, "DETACH replaced");
        return kept;
    }

    private static string KeepAside(string database, DateTimeOffset now)
    {
        // What was replaced in the same second stays too.
        var named = $"{database}.replaced-{now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}";
        var aside = named;
        for (var number = 2; File.Exists(aside); number++)
        {
            aside = string.Create(CultureInfo.InvariantCulture, $"{named}-{number}");
        }

        foreach (var part in (string[])["", "-wal", "-shm"])
        {
            if (File.Exists(database + part))
            {
                DeleteAll(aside + part);
                Database.CreatePrivate(aside + part);
                File.Copy(database + part, aside + part, overwrite: true);
            }
        }

        return aside;
    }

    private static void DeleteAll(string path)
    {
        foreach (var part in (string[])["", "-wal", "-shm", "-journal"])
        {
            File.Delete(path + part);
        }
    }
}
