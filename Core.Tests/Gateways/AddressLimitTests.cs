using System.Net;
using ControlPlane.Hosting;

namespace ControlPlane.Gateways;

public sealed class AddressLimitTests
{
    private const int Most = 20;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private static readonly IPAddress From = IPAddress.Parse("192.0.2.1");

    private readonly VirtualTime _time = new();

    [Fact]
    public void So_many_at_once_and_then_one_for_each_part_of_the_window()
    {
        var limit = new AddressLimit(_time, Most, Window);
        Assert.Equal(Most, CountUntilFull(limit, From));

        Assert.Equal(Window / Most, limit.Wait(From));
        _time.Advance(Window / Most);
        Assert.Equal(1, CountUntilFull(limit, From));
        _time.Advance(Window);
        Assert.Equal(Most, CountUntilFull(limit, From));
    }

    [Fact]
    public void A_thousand_at_one_moment_keep_an_address_out_no_longer_than_twenty()
    {
        var limit = new AddressLimit(_time, Most, Window);
        for (var at = 0; at < 1000; at++)
        {
            limit.Count(From);
        }

        Assert.Equal(Window / Most, limit.Wait(From));
        _time.Advance(Window / Most);
        Assert.Null(limit.Wait(From));
    }

    [Theory]
    [InlineData("::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.2", false)]
    public void An_address_of_the_old_kind_is_the_same_in_either_spelling(string other, bool same)
    {
        var limit = new AddressLimit(_time, Most, Window);
        CountUntilFull(limit, From);

        Assert.Equal(same, limit.Wait(IPAddress.Parse(other)) is not null);
    }

    [Theory]
    [InlineData("2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:3::1", false)]
    public void An_address_of_the_new_kind_is_its_network_of_64_bits(string other, bool same)
    {
        var limit = new AddressLimit(_time, Most, Window);
        CountUntilFull(limit, IPAddress.Parse("2001:db8:1:2::1"));

        Assert.Equal(same, limit.Wait(IPAddress.Parse(other)) is not null);
    }

    private static int CountUntilFull(AddressLimit limit, IPAddress from)
    {
        var counted = 0;
        while (limit.Wait(from) is null)
        {
            limit.Count(from);
            counted++;
        }

        return counted;
    }
}
