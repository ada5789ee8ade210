using System.Collections.Immutable;

namespace ControlPlane.Journals;

public sealed class LedgerTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Disk _disk = new();

    public void Dispose()
    {
        _disk.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Nothing_is_written_before_the_first_change()
    {
        await using var ledger = Open([7]);

        Assert.Equal([7], await ledger.ReadAsync());
        Assert.Empty(Directory.EnumerateFiles(_directory.Path));
    }

    [Fact]
    public async Task What_was_answered_is_there_again_and_the_seed_with_it()
    {
        await using (var ledger = Open([7]))
        {
            await Add(ledger, 1);
            await Add(ledger, 2);
        }

        // Another version's seed changes nothing for what has begun.
        await using var again = Open([99]);
        Assert.Equal([7, 1, 2], await again.ReadAsync());
    }

    [Fact]
    public async Task Changes_made_at_once_are_decided_one_after_another()
    {
        await using (var ledger = Open([]))
        {
            // Each takes the next number that it sees: two that saw the same state would take the same.
            await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => ledger.ChangeAsync(
                state => new Decision<Counted, bool>(true, new Counted(state.Count)))));
        }

        await using var again = Open([]);
        Assert.Equal(Enumerable.Range(0, 500), await again.ReadAsync());
    }

    [Fact]
    public async Task A_change_that_cannot_be_written_is_not_seen_and_the_next_is()
    {
        Directory.Delete(_directory.Path);
        await using var ledger = Open([]);

        await Assert.ThrowsAnyAsync<IOException>(() => Add(ledger, 1));
        Assert.Empty(await ledger.ReadAsync());
        Directory.CreateDirectory(_directory.Path);
        await Add(ledger, 2);

        Assert.Equal([2], await ledger.ReadAsync());
    }

    [Fact]
    public async Task A_decision_that_fails_fails_alone()
    {
        await using var ledger = Open([]);

        await Assert.ThrowsAsync<InvalidTimeZoneException>(() =>
            ledger.ChangeAsync<bool>(_ => throw new InvalidTimeZoneException()));
        await Add(ledger, 1);

        Assert.Equal([1], await ledger.ReadAsync());
    }

    [Fact]
    public async Task A_long_journal_is_rewritten_and_says_the_same()
    {
        var padding = new string('x', 100_000);
        await using (var ledger = Open([]))
        {
            for (var number = 0; number < 40; number++)
            {
                await ledger.ChangeAsync(_ => new Decision<Counted, bool>(true, new Counted(number, padding)));
            }
        }

        Assert.InRange(new FileInfo(_directory["l"]).Length, 1, 2_000_000);
        await using var again = Open([]);
        Assert.Equal(Enumerable.Range(0, 40), await again.ReadAsync());
    }

    [Fact]
    public async Task Closed_it_takes_nothing_more()
    {
        var ledger = Open([]);
        await Add(ledger, 1);
        await ledger.DisposeAsync();

        await Assert.ThrowsAsync<LedgerClosedException>(() => Add(ledger, 2));
    }

    private Ledger<ImmutableList<int>, Counted> Open(ImmutableList<int> seed) => new(_directory["l"], new Tally(), seed, _disk);

    private static Task<bool> Add(Ledger<ImmutableList<int>, Counted> ledger, int number) =>
        ledger.ChangeAsync(_ => new Decision<Counted, bool>(true, new Counted(number)));
}
