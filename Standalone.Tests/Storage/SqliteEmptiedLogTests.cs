using ControlPlane.Records;
using ControlPlane.Running;

namespace ControlPlane.Storage;

public sealed class SqliteEmptiedLogTests : EmptiedLogTests, IDisposable
{
    private readonly DataFolder _data = new();
    private readonly SqliteStorage _storage;

    public SqliteEmptiedLogTests() => _storage = SqliteStorage.Open(_data.Database);

    private protected override ILog Log => _storage.Log;

    public void Dispose()
    {
        _storage.Dispose();
        _data.Dispose();
    }
}
