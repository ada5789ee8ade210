using ControlPlane.Hosting;

namespace ControlPlane.Gateways;

public sealed class RateLimitTests
{
    private const int Most = 10;
    private const int Keys = 100;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private readonly VirtualTime _time = new();

    [Fact]
    public void Whoever_comes_under_many_names_frees_nobody_of_what_he_has_used_up()
    {
        var limit = Full("guesser");
        for (var name = 0; name < 100 * Keys; name++)
        {
            limit.Add($"other {name}");
        }

        Assert.NotNull(limit.Wait("guesser"));
        Assert.Equal(Keys, limit.Count);
    }

    [Fact]
    public void What_has_run_out_makes_room_first()
    {
        var limit = Full("guesser");
        _time.Advance(Window);
        for (var name = 0; name < Keys - 1; name++)
        {
            limit.Add($"other {name}");
        }

        limit.Add("one more");

        Assert.Equal(Keys, limit.Count);
        Assert.All(Enumerable.Range(0, Keys - 1), name =>
        {
            Full(limit, $"other {name}", Most - 1);
            Assert.NotNull(limit.Wait($"other {name}"));
        });
    }

    [Fact]
    public void What_is_taken_is_never_more_than_there_is_and_comes_back_when_it_is_given_back()
    {
        var limit = new RateLimit<string>(_time, Most, Window, Keys);

        Assert.Equal(Most, Enumerable.Range(0, 50).Count(_ => limit.Take("one") is null));
        limit.GiveBack("one");
        Assert.Null(limit.Take("one"));
        Assert.Equal(Window / Most, limit.Take("one"));
        _time.Advance(Window / Most);
        Assert.Null(limit.Take("one"));
    }

    private RateLimit<string> Full(string key)
    {
        var limit = new RateLimit<string>(_time, Most, Window, Keys);
        Full(limit, key, Most);
        return limit;
    }

    private static void Full(RateLimit<string> limit, string key, int times)
    {
        for (var at = 0; at < times; at++)
        {
            limit.Add(key);
        }
    }
}
