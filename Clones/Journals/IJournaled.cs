using System.Text.Json.Serialization.Metadata;

namespace ControlPlane.Journals;

/// <summary>How a state is made of changes. Everything here is pure.</summary>
internal interface IJournaled<TState, TChange>
    where TState : class
{
    /// <summary>The state before any change.</summary>
    TState Nothing { get; }

    /// <summary>The state after one change; it never refuses, because what is in a journal was acknowledged.</summary>
    TState Apply(TState state, TChange change);

    /// <summary>Changes that make this state out of <see cref="Nothing"/>.</summary>
    IEnumerable<TChange> Export(TState state);

    /// <summary>The JSON of a change. Its property names are a contract with every journal ever written.</summary>
    JsonTypeInfo<TChange> Json { get; }
}
