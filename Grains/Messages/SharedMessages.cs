using Orleans.Serialization.Cloning;

namespace ControlPlane.Messages;

/// <summary>A call within one silo shares its messages instead of copying them: Core's records never change.</summary>
internal sealed class SharedMessages : IGeneralizedCopier
{
    public bool IsSupportedType(Type type) => CoreMessages.IsMessage(type) || ListCodec.IsExpressionList(type);

    public object? DeepCopy(object? input, CopyContext context) => input;
}
