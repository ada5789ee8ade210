using System.Collections.Immutable;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace ControlPlane.Journals;

/// <summary>The smallest state that a ledger can keep: numbers in the order in which they came.</summary>
internal sealed class Tally : IJournaled<ImmutableList<int>, Counted>
{
    public ImmutableList<int> Nothing => [];

    public JsonTypeInfo<Counted> Json => TallyJson.Default.Counted;

    public ImmutableList<int> Apply(ImmutableList<int> state, Counted change) => state.Add(change.Number);

    public IEnumerable<Counted> Export(ImmutableList<int> state) => state.Select(number => new Counted(number));
}

internal sealed record Counted(int Number, string Padding = "");

[JsonSerializable(typeof(Counted))]
internal sealed partial class TallyJson : JsonSerializerContext;
