using System.Globalization;

namespace ControlPlane;

/// <summary>The middle of many figures, and how far apart they lie.</summary>
internal sealed class Spread(IEnumerable<double> figures)
{
    private readonly double[] _ordered = [.. figures.Order()];

    public double Median => At(0.5);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Text(At(0.5))} ({Text(At(0.25))} to {Text(At(0.75))})");

    private double At(double share)
    {
        var place = share * (_ordered.Length - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, _ordered.Length - 1);
        return _ordered[below] + ((_ordered[above] - _ordered[below]) * (place - below));
    }

    private static string Text(double value) => value.ToString(value < 10 ? "F3" : value < 1000 ? "F1" : "F0", CultureInfo.InvariantCulture);
}
