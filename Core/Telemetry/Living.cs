using System.Runtime.CompilerServices;

namespace ControlPlane.Telemetry;

/// <summary>What is observed when somebody reads a gauge, for as long as it lives: nobody has to take it out again.</summary>
internal sealed class Living<T> where T : class
{
    private readonly ConditionalWeakTable<T, object?> _all = [];

    public IEnumerable<T> All => _all.Select(entry => entry.Key);

    public void Add(T one) => _all.Add(one, null);
}
