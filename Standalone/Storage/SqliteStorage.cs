using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ControlPlane.Hosting;
using ControlPlane.Records;
using Microsoft.Data.Sqlite;

namespace ControlPlane.Storage;

/// <summary>The records, logs and alarms of all entities, in one SQLite file.</summary>
public sealed class SqliteStorage : IStorage, IDisposable
{
    private readonly Writer _writer;
    private readonly ReadConnections _readers;

    private SqliteStorage(Writer writer, ReadConnections readers)
    {
        (_writer, _readers) = (writer, readers);
        Log = new MeasuredLog(new SqliteLog(writer, readers));
    }

    public ILog Log { get; }

    /// <exception cref="StartException">The file is damaged or newer than this program. It is left as it was.</exception>
    public static SqliteStorage Open(string path)
    {
        Database.Prepare(path);
        return new SqliteStorage(new Writer(new Statements(Database.Open(path, SqliteOpenMode.ReadWrite))), new ReadConnections(path));
    }

    public IStore<T> Store<T>(EntityKey entity) where T : class => new SqliteStore<T>(entity, _writer, _readers);

    public Task SetAlarmAsync(EntityKey entity, DateTimeOffset? due) => _writer.WriteAsync(statements => due is { } at
        ? statements.Execute(
            "INSERT INTO alarm (kind, key, due) VALUES ($kind, $key, $due) ON CONFLICT (kind, key) DO UPDATE SET due = excluded.due",
            ("$kind", entity.Kind), ("$key", entity.Key), ("$due", at.UtcTicks))
        : statements.Execute("DELETE FROM alarm WHERE kind = $kind AND key = $key", ("$kind", entity.Kind), ("$key", entity.Key)));

    public Task<IReadOnlyList<StoredAlarm>> AlarmsAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<StoredAlarm>>(
        _readers.Read(
            "SELECT kind, key, due FROM alarm",
            row => new StoredAlarm(new EntityKey(row.GetString(0), row.GetString(1)), new DateTimeOffset(row.GetInt64(2), TimeSpan.Zero))));

    /// <summary>The keys of the entities of a kind whose record fulfils a condition on its JSON.</summary>
    public IReadOnlyList<string> Keys(string kind, string condition) =>
        _readers.Read($"SELECT key FROM record WHERE kind = $kind AND {condition}", row => row.GetString(0), ("$kind", kind));

    /// <summary>Commits what has queued, and closes the file. The writer comes last: only who may write can fold the journal into it.</summary>
    public void Dispose()
    {
        _readers.Dispose();
        _writer.Dispose();
    }
}

/// <summary>One record of one entity.</summary>
internal sealed class SqliteStore<T>(EntityKey entity, Writer writer, ReadConnections readers) : IStore<T> where T : class
{
    private static readonly JsonTypeInfo<T> Json = (JsonTypeInfo<T>?)CoreJson.Default.GetTypeInfo(typeof(T))
        ?? throw new NotSupportedException($"{typeof(T).Name} is not one of the records that are stored.");

    public Task<Stored<T>?> ReadAsync(CancellationToken cancellationToken)
    {
        var rows = readers.Read(
            "SELECT version, state FROM record WHERE kind = $kind AND key = $key",
            row => new Stored<T>(row.GetInt64(0), JsonSerializer.Deserialize(row.GetString(1), Json)),
            ("$kind", entity.Kind), ("$key", entity.Key));
        return Task.FromResult(rows.FirstOrDefault());
    }

    public Task<bool> TryWriteAsync(Stored<T> next, CancellationToken cancellationToken)
    {
        // Written as text here, so that the one writer thread does nothing but write.
        var state = next.State is { } value ? JsonSerializer.Serialize(value, Json) : null;
        return writer.WriteAsync(statements => (state, next.Version) switch
        {
            (null, _) => statements.Execute(
                "DELETE FROM record WHERE kind = $kind AND key = $key AND version = $before",
                ("$kind", entity.Kind), ("$key", entity.Key), ("$before", next.Version - 1)),
            ({ } text, 1) => statements.Execute(
                "INSERT INTO record (kind, key, version, state) VALUES ($kind, $key, 1, $state) ON CONFLICT DO NOTHING",
                ("$kind", entity.Kind), ("$key", entity.Key), ("$state", text)),
            ({ } text, _) => statements.Execute(
                "UPDATE record SET version = $before + 1, state = $state WHERE kind = $kind AND key = $key AND version = $before",
                ("$kind", entity.Kind), ("$key", entity.Key), ("$before", next.Version - 1), ("$state", text)),
        } == 1);
    }
}
