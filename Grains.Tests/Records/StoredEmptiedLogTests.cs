using ControlPlane.Hosting;

namespace ControlPlane.Records;

public sealed class StoredEmptiedLogTests : EmptiedLogTests
{
    private protected override ILog Log { get; } = new MeasuredLog(new StoredLog(new TestStore()));
}
