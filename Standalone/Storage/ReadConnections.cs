using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace ControlPlane.Storage;

/// <summary>Connections for reading, as many as have ever read at once. They see what is committed.</summary>
internal sealed class ReadConnections(string path) : IDisposable
{
    private readonly ConcurrentBag<Statements> _free = [];

    public List<T> Read<T>(string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<(string Name, object Value)> values)
    {
        var statements = _free.TryTake(out var free) ? free : new Statements(Database.Open(path, SqliteOpenMode.ReadOnly));
        try
        {
            return statements.Read(sql, row, values);
        }
        finally
        {
            _free.Add(statements);
        }
    }

    public void Dispose()
    {
        while (_free.TryTake(out var statements))
        {
            statements.Dispose();
        }
    }
}
