using ControlPlane.Hosting;

namespace ControlPlane.Records;

public sealed class MemoryEmptiedLogTests : EmptiedLogTests
{
    private protected override ILog Log { get; } = new MemoryStorage().Log;
}
