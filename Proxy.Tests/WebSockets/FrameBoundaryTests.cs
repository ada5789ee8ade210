using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;

namespace ControlPlane.WebSockets;

public sealed class FrameBoundaryTests
{
    private static readonly Gen<Frame> Frames =
        from length in Gen.OneOf(Gen.Choose(0, 130), Gen.Choose(65_530, 65_540), Gen.Choose(0, 3))
        from masked in Gen.Elements(true, false)
        from opcode in Gen.Elements<byte>(0x0, 0x81, 0x2, 0x89, 0x8A)
        select new Frame(opcode, masked, length);

    [Fact]
    public void A_boundary_is_found_wherever_the_stream_is_cut_into_chunks()
    {
        var cases =
            from frames in Gen.NonEmptyListOf(Frames)
            from cut in Gen.Choose(1, 70_000)
            select (frames, cut);
        Prop.ForAll(Arb.From(cases), given =>
        {
            var bytes = given.frames.SelectMany(static frame => frame.Bytes()).ToArray();
            var length = 0;
            var ends = given.frames.Select(frame => length += frame.Bytes().Length).ToHashSet();
            var boundary = default(FrameBoundary);
            for (var at = 0; at < bytes.Length; at += given.cut)
            {
                var end = Math.Min(bytes.Length, at + given.cut);
                boundary.Follow(bytes.AsSpan(at..end));
                Assert.Equal(ends.Contains(end), boundary.IsBetweenFrames);
            }

            Assert.True(boundary.IsBetweenFrames);
            Assert.False(boundary.IsClosing);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Fact]
    public void A_length_of_eight_bytes_is_read()
    {
        var boundary = default(FrameBoundary);
        boundary.Follow([0x82, 127, 0, 0, 0, 1, 0, 0, 0, 0]);
        Assert.False(boundary.IsBetweenFrames);
        for (var sent = 0L; sent < 1L << 32; sent += 1 << 24)
        {
            boundary.Follow(new byte[1 << 24]);
        }

        Assert.True(boundary.IsBetweenFrames);
    }

    [Fact]
    public void A_close_frame_is_noticed()
    {
        var boundary = default(FrameBoundary);
        boundary.Follow([0x88, 2, 3]);
        Assert.False(boundary.IsClosing);
        boundary.Follow([0xE8]);

        Assert.True(boundary.IsClosing);
    }

    private sealed record Frame(byte Opcode, bool Masked, int Length)
    {
        public byte[] Bytes()
        {
            var mask = Masked ? 4 : 0;
            var extended = Length switch { < 126 => 0, <= ushort.MaxValue => 2, _ => 8 };
            var bytes = new byte[2 + extended + mask + Length];
            Array.Fill(bytes, (byte)0xFF, 2 + extended, mask + Length);
            bytes[0] = Opcode;
            bytes[1] = (byte)((Masked ? 0x80 : 0) | extended switch { 0 => Length, 2 => 126, _ => 127 });
            if (extended == 2)
            {
                BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)Length);
            }
            else if (extended == 8)
            {
                BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(2), (ulong)Length);
            }

            return bytes;
        }
    }
}
