using System.Runtime.CompilerServices;

namespace ControlPlane.Telemetry;

/// <summary>What is observed when somebody reads a gauge, for as long as it lives: only what ends sooner has to be taken out again.</summary>
internal sealed class Living<T> where T : class
{
    private readonly ConditionalWeakTable<T, object?> _all = [];

    public IEnumerable<T> All => _all.Select(entry => entry.Key);

    public void Add(T one) => _all.Add(one, null);

    public void Remove(T one) => _all.Remove(one);
}
