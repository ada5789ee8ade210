using System.Text;

namespace ControlPlane.Journals;

public sealed class JournalTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void What_was_appended_is_read_in_order()
    {
        Write("one", "two", "");

        Assert.Equal(["one", "two", ""], Read());
    }

    [Fact]
    public void Cut_at_any_byte_it_holds_every_whole_frame_and_takes_another()
    {
        var ends = Write("first", "the second", "third, and the longest of them");
        var whole = File.ReadAllBytes(_directory["j"]);
        for (var cut = 0; cut <= whole.Length; cut++)
        {
            File.WriteAllBytes(_directory["j"], whole[..cut]);
            var complete = ends.Count(end => end <= cut);

            Assert.Equal(complete, Read().Count);
            Write("after the crash");
            Assert.Equal(complete + 1, Read().Count);
            Assert.Equal("after the crash", Read()[^1]);
        }
    }

    [Fact]
    public void A_tail_of_zeros_is_dropped()
    {
        Write("kept");
        File.AppendAllText(_directory["j"], new string('\0', 5000));

        Assert.Equal(["kept"], Read());
    }

    [Fact]
    public void Damage_anywhere_before_the_last_frame_is_an_error_and_never_a_loss()
    {
        var ends = Write("first", "second", "third");
        var whole = File.ReadAllBytes(_directory["j"]);
        for (var at = 0; at < ends[1]; at++)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= 0x40;
            File.WriteAllBytes(_directory["j"], damaged);

            var thrown = Assert.Throws<JournalDamagedException>(() => Read());
            Assert.Contains("damaged at byte", thrown.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Rewritten_it_holds_the_new_frames_and_goes_on()
    {
        Write("a", "b", "c");
        using (var journal = Journal.Open(_directory["j"], static _ => { }).Rewritten(["abc"u8.ToArray()]))
        {
            journal.Append("d"u8);
        }

        Assert.Equal(["abc", "d"], Read());
        Assert.Equal(["j"], Directory.EnumerateFiles(_directory.Path).Select(Path.GetFileName));
    }

    private List<long> Write(params string[] payloads)
    {
        var ends = new List<long>();
        using var journal = Journal.Open(_directory["j"], static _ => { });
        foreach (var payload in payloads)
        {
            journal.Append(Encoding.UTF8.GetBytes(payload));
            ends.Add(journal.Length);
        }

        return ends;
    }

    private List<string> Read()
    {
        var frames = new List<string>();
        using var journal = Journal.Open(_directory["j"], payload => frames.Add(Encoding.UTF8.GetString(payload.Span)));
        return frames;
    }
}
