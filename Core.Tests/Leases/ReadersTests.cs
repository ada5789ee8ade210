namespace ControlPlane.Leases;

public sealed class ReadersTests
{
    private static readonly Readers Two = Readers.None.Granted("a").Granted("b");

    [Fact]
    public void Taken_away_is_told_to_every_reader_and_the_list_of_readers_starts_empty()
    {
        var readers = Two.TakenAway(3);

        Assert.Empty(readers.Current);
        Assert.Equal([new Untold("a", 3), new Untold("b", 3)], readers.ToTell);
    }

    [Fact]
    public void Pairs_are_never_merged()
    {
        var readers = Two.TakenAway(3).Granted("a").TakenAway(5);

        Assert.Equal([new Untold("a", 3), new Untold("b", 3), new Untold("a", 5)], readers.ToTell);
    }

    [Fact]
    public void A_grant_clears_no_pair()
    {
        var readers = Two.TakenAway(3).Granted("a");

        Assert.Equal(["a"], readers.Current);
        Assert.Contains(new Untold("a", 3), readers.ToTell);
    }

    [Fact]
    public void An_acknowledgement_removes_pairs_up_to_its_version_and_never_the_reader()
    {
        var readers = Two.TakenAway(3).Granted("a").TakenAway(5).Granted("a").Acknowledged("a", 4);

        Assert.Equal(["a"], readers.Current);
        Assert.Equal([new Untold("b", 3), new Untold("a", 5)], readers.ToTell);
    }

    [Fact]
    public void A_gateway_whose_lease_is_over_is_neither_reader_nor_to_be_told()
    {
        var readers = Two.TakenAway(3).Granted("a").Over("a");

        Assert.Empty(readers.Current);
        Assert.Equal([new Untold("b", 3)], readers.ToTell);
    }

    [Fact]
    public void Granted_twice_is_one_reader() => Assert.Equal(["a", "b"], Two.Granted("a").Granted("b").Current);

    [Fact]
    public void Whom_to_wait_for_ends_at_the_change_that_was_asked_for()
    {
        var readers = Readers.None.Granted("a").TakenAway(7);

        Assert.False(readers.AnyToTell(6));
        Assert.True(readers.AnyToTell(7));
    }
}
