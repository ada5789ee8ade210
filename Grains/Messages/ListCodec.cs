using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Serializers;
using Orleans.Serialization.WireProtocol;

namespace ControlPlane.Messages;

/// <summary>
/// Sends a list that a collection expression has made as an array. Where a signature says <see cref="IReadOnlyList{T}"/> the compiler makes
/// a type of its own, which no serializer knows by name.
/// </summary>
internal sealed class ListCodec(ICodecProvider codecs) : IGeneralizedCodec
{
    public static bool IsExpressionList(Type type) => type.Namespace is null && type.Name.StartsWith("<>z__ReadOnly", StringComparison.Ordinal);

    public bool IsSupportedType(Type type) => IsExpressionList(type);

    public void WriteField<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, [AllowNull] Type expectedType, [AllowNull] object value)
        where TBufferWriter : System.Buffers.IBufferWriter<byte>
    {
        ArgumentNullException.ThrowIfNull(value);
        var array = Array.CreateInstance(value.GetType().GenericTypeArguments[0], ((ICollection)value).Count);
        ((ICollection)value).CopyTo(array, 0);
        codecs.GetCodec(array.GetType()).WriteField(ref writer, fieldIdDelta, expectedType, array);
    }

    /// <summary>Never: what was written is an array, and says so.</summary>
    public object ReadValue<TInput>(ref Reader<TInput> reader, Field field) => throw new NotSupportedException();
}
