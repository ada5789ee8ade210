using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ControlPlane.Hosting;
using ControlPlane.Workers;
using Microsoft.Data.Sqlite;

namespace ControlPlane.Storage;

/// <summary>What a backup holds, once all of it has been read.</summary>
/// <param name="Moment">What was acknowledged before it is in it; what came after is not.</param>
internal sealed record BackupContents(DateTimeOffset Moment, IReadOnlyDictionary<string, int> Records);

/// <summary>A copy of the database as one file, which says of which moment it is.</summary>
internal static class BackupFile
{
    /// <summary>The records of each kind as they are read, so that a backup with one that cannot be is refused before anything is replaced.</summary>
    public static IReadOnlyDictionary<string, JsonTypeInfo> Kinds { get; } = new Dictionary<string, JsonTypeInfo>
    {
        [EntityKinds.Session] = CoreJson.Default.SessionState,
        [EntityKinds.Credential] = CoreJson.Default.CredentialState,
        [EntityKinds.Workspace] = CoreJson.Default.WorkspaceState,
        [EntityKinds.Creation] = CoreJson.Default.CreationState,
        [EntityKinds.User] = CoreJson.Default.UserState,
        [EntityKinds.Gateway] = CoreJson.Default.GatewayState,
        [EntityKinds.Invitation] = CoreJson.Default.InvitationState,
        [EntityKinds.Login] = CoreJson.Default.LoginState,
        [EntityKinds.Trace] = CoreJson.Default.TraceState,
        [WorkerPoolState.Kind] = CoreJson.Default.WorkerPoolState,
    };

    /// <summary>
    /// Copies a database in use: what is committed at one moment, whole, while others read and write. The copy is its owner's alone, for it
    /// is as secret as the database.
    /// </summary>
    public static void Take(string database, string target, DateTimeOffset moment)
    {
        Database.CreatePrivate(target);
        using (var source = Database.Open(database, SqliteOpenMode.ReadOnly))
        {
            Database.Execute(source, "VACUUM INTO $target", ("$target", target));
        }

        using var copy = Database.Open(target, SqliteOpenMode.ReadWrite);
        Database.Execute(copy, "CREATE TABLE backup (moment TEXT NOT NULL)");
        Database.Execute(copy, "INSERT INTO backup (moment) VALUES ($moment)", ("$moment", moment.ToString("O", CultureInfo.InvariantCulture)));
    }

    /// <summary>Reads all of a backup.</summary>
    /// <exception cref="StartException">It is none, is damaged, or was made by a newer release.</exception>
    public static BackupContents Check(string file)
    {
        try
        {
            Database.Check(file);
            using var connection = Database.Open(file, SqliteOpenMode.ReadOnly);
            if (Database.Scalar(connection, "SELECT count(*) FROM sqlite_schema WHERE name = 'backup'") is not 1L)
            {
                throw new StartException($"{file} is no backup: `archal admin backup` makes them.");
            }

            if (Database.Scalar(connection, "PRAGMA integrity_check(1)") is not "ok" and var found)
            {
                throw new StartException($"The backup {file} is damaged ({found}).");
            }

            return new BackupContents(Moment(connection, file), Read(connection, file));
        }
        catch (SqliteException problem)
        {
            throw new StartException($"{file} is no backup, or a damaged one: {problem.Message}", problem);
        }
    }

    private static DateTimeOffset Moment(SqliteConnection connection, string file) =>
        Database.Scalar(connection, "SELECT moment FROM backup") is string text
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var moment)
            ? moment
            : throw new StartException($"The backup {file} does not say of which moment it is.");

    private static Dictionary<string, int> Read(SqliteConnection connection, string file)
    {
        var counts = new Dictionary<string, int>();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT kind, key, state FROM record";
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            var (kind, key) = (rows.GetString(0), rows.GetString(1));
            try
            {
                _ = JsonSerializer.Deserialize(rows.GetString(2), Kinds[kind]) ?? throw new JsonException();
            }
            catch (Exception problem) when (problem is JsonException or KeyNotFoundException)
            {
                throw new StartException($"The backup {file} has a record that this program cannot read: {kind} {key}.", problem);
            }

            counts[kind] = counts.GetValueOrDefault(kind) + 1;
        }

        return counts;
    }
}
