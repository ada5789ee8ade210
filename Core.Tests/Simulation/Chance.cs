namespace ControlPlane.Simulation;

/// <summary>All that is left to chance in one schedule, from its seed alone (xoshiro256**, filled by splitmix64).</summary>
internal sealed class Chance : Random
{
    private ulong _a, _b, _c, _d;

    public Chance(long seed)
    {
        var state = (ulong)seed;
        (_a, _b, _c, _d) = (Fill(ref state), Fill(ref state), Fill(ref state), Fill(ref state));
    }

    /// <summary>Two runs that drew the same so far have the same.</summary>
    public long Digest => (long)(_a ^ (_b * 3) ^ (_c * 5) ^ (_d * 7));

    public bool Is(double probability) => probability > 0 && NextDouble() < probability;

    /// <summary>A span between two, in milliseconds, as ticks.</summary>
    public long Milliseconds(double from, double to) => (long)((from + (NextDouble() * (to - from))) * TimeSpan.TicksPerMillisecond);

    public T Of<T>(IReadOnlyList<T> choices) => choices[Next(choices.Count)];

    public override double NextDouble() => (Draw() >> 11) * (1.0 / (1UL << 53));

    public override int Next(int maxValue) => (int)(((Draw() >> 32) * (ulong)maxValue) >> 32);

    public override int Next(int minValue, int maxValue) => minValue + Next(maxValue - minValue);

    protected override double Sample() => NextDouble();

    private ulong Draw()
    {
        var result = ulong.RotateLeft(_b * 5, 7) * 9;
        var shifted = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = ulong.RotateLeft(_d, 45);
        return result;
    }

    private static ulong Fill(ref ulong state)
    {
        var mixed = state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
