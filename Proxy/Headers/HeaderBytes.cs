using System.Text;

namespace ControlPlane.Headers;

/// <summary>
/// How the server turns header values into text. They are bytes to us, so it is Latin-1, which gives each byte its own character; but for
/// <c>Connection</c>, of which the server would otherwise keep one word.
/// </summary>
/// <remarks>
/// Kestrel replaces a <c>Connection</c> that holds <c>close</c> or <c>keep-alive</c> by that word alone, and what else it named would
/// be forwarded. So of a value with several names it gets to see the others; that it is to close is said to it again, by us.
/// What stays hidden is what further <c>Connection</c> lines name beside a line that says <c>close</c> or <c>keep-alive</c> alone: such a
/// header passes, which harms nobody, for no <c>Connection</c> of a caller's goes further than this.
/// </remarks>
internal sealed class HeaderBytes : Encoding
{
    /// <summary>Stands for <c>close</c> among other names.</summary>
    public const string Closing = "closing";

    private static readonly HeaderBytes OfConnection = new();

    /// <summary>The encoding of a header's values.</summary>
    public static Encoding Of(string header) => header.Equals("Connection", StringComparison.OrdinalIgnoreCase) ? OfConnection : Latin1;

    public override int GetMaxByteCount(int charCount) => charCount;

    public override int GetMaxCharCount(int byteCount) => byteCount + Closing.Length;

    public override int GetByteCount(char[] chars, int index, int count) => count;

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        Latin1.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    public override int GetCharCount(byte[] bytes, int index, int count) => Read(bytes.AsSpan(index, count)).Length;

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
    {
        var text = Read(bytes.AsSpan(byteIndex, byteCount));
        text.CopyTo(0, chars, charIndex, text.Length);
        return text.Length;
    }

    private static string Read(ReadOnlySpan<byte> bytes)
    {
        var text = Latin1.GetString(bytes);
        if (!text.Contains(','))
        {
            return text;
        }

        var names = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return string.Join(", ", names
            .Where(static name => !name.Equals("keep-alive", StringComparison.OrdinalIgnoreCase))
            .Select(static name => name.Equals("close", StringComparison.OrdinalIgnoreCase) ? Closing : name));
    }
}
