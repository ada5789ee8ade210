using System.Text.RegularExpressions;

namespace ControlPlane.Sessions;

public sealed class SessionIdTests
{
    [Fact]
    public void It_is_a_dns_label_of_128_random_bits()
    {
        var ids = Enumerable.Range(0, 10_000).Select(_ => SessionId.New()).ToList();

        Assert.All(ids, id => Assert.Matches(new Regex("^ses-[0-9a-hjkmnp-tv-z]{26}$"), id));
        Assert.Equal(ids.Count, ids.Distinct().Count());

        // Each of 26 places but the first, which holds three bits, takes each of its 32 values.
        Assert.All(Enumerable.Range(5, 25), place => Assert.Equal(32, ids.Select(id => id[place]).Distinct().Count()));
        Assert.Equal(8, ids.Select(id => id[4]).Distinct().Count());
    }
}
