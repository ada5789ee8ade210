using ControlPlane.Errors;

namespace ControlPlane.Messages;

/// <summary>A refusal on its way; its cause stays where it happened.</summary>
[GenerateSerializer, Alias("refusal")]
internal struct RefusalSurrogate
{
    [Id(0)]
    public Refusal Refusal;
}

/// <summary>The one exception of Core that crosses between processes.</summary>
[RegisterConverter]
internal sealed class RefusalConverter : IConverter<ControlPlaneException, RefusalSurrogate>
{
    public ControlPlaneException ConvertFromSurrogate(in RefusalSurrogate surrogate) => new(surrogate.Refusal);

    public RefusalSurrogate ConvertToSurrogate(in ControlPlaneException value) => new() { Refusal = value.Refusal };
}
