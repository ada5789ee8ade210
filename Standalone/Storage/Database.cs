using System.Globalization;
using Microsoft.Data.Sqlite;

namespace ControlPlane.Storage;

/// <summary>Opens the database file, makes or checks its schema, and gives connections.</summary>
internal static class Database
{
    /// <summary>Counts up with each change of the tables; a program never opens a file with a higher one.</summary>
    private const int SchemaVersion = 1;

    /// <summary>Up to this size the whole file is checked at the start, which takes some milliseconds for each 10 MB.</summary>
    private const long CheckUpTo = 64 << 20;

    private const string Tables =
        """
        CREATE TABLE record (kind TEXT NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL, state TEXT NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID;
        CREATE TABLE log (name TEXT NOT NULL, position INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (name, position)) WITHOUT ROWID;
        CREATE TABLE log_end (name TEXT NOT NULL PRIMARY KEY, next INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE alarm (kind TEXT NOT NULL, key TEXT NOT NULL, due INTEGER NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID;
        """;

    /// <summary>How long a call waits for a database that another process has locked.</summary>
    private const int LockedForSeconds = 5;

    /// <exception cref="StartException">The file is damaged or newer than this program. It is left as it was.</exception>
    public static void Prepare(string path)
    {
        SQLitePCL.Batteries_V2.Init();
        try
        {
            if (File.Exists(path) && new FileInfo(path).Length > 0)
            {
                Check(path);
                return;
            }

            Create(path);
        }
        catch (SqliteException problem)
        {
            throw new StartException($"The database {path} is damaged ({problem.Message}). Restore it from a backup, or move it away to start anew.", problem);
        }
    }

    /// <summary>A connection whose commits are durable when they return.</summary>
    public static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        // The engine and, around it, the driver wait for a lock that somebody else has; by itself the driver would wait for 30 s.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = LockedForSeconds,
        }.ToString());
        connection.Open();
        Execute(connection, $"PRAGMA synchronous=FULL; PRAGMA busy_timeout={LockedForSeconds * 1000};");
        return connection;
    }

    /// <summary>Made beside its place and moved there whole: cut at any point, the next start finds either no database or all of it.</summary>
    private static void Create(string path)
    {
        var temporary = path + ".new";
        foreach (var left in (string[])[temporary, temporary + "-wal", temporary + "-shm"])
        {
            File.Delete(left);
        }

        CreatePrivate(temporary);
        using (var connection = Open(temporary, SqliteOpenMode.ReadWrite))
        {
            Execute(connection, "PRAGMA journal_mode=WAL");
            Execute(connection, $"BEGIN; {Tables} PRAGMA user_version={SchemaVersion.ToString(CultureInfo.InvariantCulture)}; COMMIT;");
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>It holds the secrets of placements. The engine gives the files beside it the same mode.</summary>
    public static void CreatePrivate(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        new FileStream(path, options).Dispose();
    }

    /// <exception cref="StartException">It is damaged, newer than this program, or has no schema of this program.</exception>
    public static void Check(string path)
    {
        // Without a journal beside it the file is looked at alone: the engine would otherwise make two, and leave them there.
        using var connection = File.Exists(path + "-wal")
            ? Open(path, SqliteOpenMode.ReadOnly)
            : Open($"file:{Uri.EscapeDataString(path)}?immutable=1", SqliteOpenMode.ReadOnly);
        var version = Convert.ToInt32(Scalar(connection, "PRAGMA user_version"), CultureInfo.InvariantCulture);
        if (version > SchemaVersion)
        {
            throw new StartException(
                $"The database {path} has schema {version}, and this program knows up to {SchemaVersion}. It was written by a newer release: start that one.");
        }

        if (version < SchemaVersion)
        {
            throw new StartException($"The database {path} has no schema of this program. Move it away to start anew.");
        }

        if (new FileInfo(path).Length <= CheckUpTo && Scalar(connection, "PRAGMA quick_check(1)") is not "ok" and var found)
        {
            var where = found?.ToString()?.ReplaceLineEndings(" ");
            throw new StartException($"The database {path} is damaged ({where}). Restore it from a backup, or move it away to start anew.");
        }
    }

    public static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    /// <returns>How many rows it changed.</returns>
    public static int Execute(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command.ExecuteNonQuery();
    }
}
