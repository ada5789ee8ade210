using ControlPlane.Entities;
using ControlPlane.Leases;
using ControlPlane.Operations;

namespace ControlPlane.Records;

/// <summary>A log that has nothing more to say can still be appended to, by whoever comes later. Each kind of log derives it.</summary>
public abstract class EmptiedLogTests
{
    private const string Name = "roster/all";

    private protected abstract ILog Log { get; }

    [Fact]
    public Task A_list_whose_last_has_gone_is_entered_by_the_next() => PromptlyAsync(async () =>
    {
        // So many that the log is written anew, with nothing in it.
        var roster = NewRoster();
        for (var number = 0; number < 500; number++)
        {
            await roster.EnterAsync($"{number}");
            await roster.LeaveAsync($"{number}");
        }

        Assert.Single(await Log.ReadAsync(Name, 1, 1000, CancellationToken.None));
        await NewRoster().EnterAsync("next");
        Assert.Equal(["next"], await NewRoster().AllAsync());
    });

    /// <summary>Versions up to 0.1 forgot the last entry too.</summary>
    [Fact]
    public Task A_log_without_an_entry_goes_on_where_it_was() => PromptlyAsync(async () =>
    {
        await Log.TryAppendAsync(Name, 1, ["+a", "-a"], CancellationToken.None);
        await Log.TrimAsync(Name, 3, CancellationToken.None);

        var (one, other) = (NewRoster(), NewRoster());
        Assert.Empty(await other.AllAsync());
        await one.EnterAsync("b");
        await other.EnterAsync("c");
        Assert.Equal(["b", "c"], await NewRoster().AllAsync());
        Assert.Equal([3L, 4L], (await Log.ReadAsync(Name, 1, 10, CancellationToken.None)).Select(entry => entry.Position));
    });

    /// <summary>As an activation does that another has followed, and that does not know it.</summary>
    [Fact]
    public Task Who_left_before_another_wrote_the_list_anew_is_not_listed_by_a_follower() => PromptlyAsync(async () =>
    {
        var (one, other) = (NewRoster(), NewRoster());
        await one.EnterAsync("left");
        await one.EnterAsync("stays");
        Assert.Equal(["left", "stays"], await other.AllAsync());

        await one.LeaveAsync("left");
        for (var number = 0; number < 500; number++)
        {
            await one.EnterAsync($"{number}");
            await one.LeaveAsync($"{number}");
        }

        Assert.Equal(["stays"], await other.AllAsync());
    });

    [Fact]
    public async Task The_end_is_known_also_of_what_is_empty()
    {
        Assert.Equal(1, await Log.EndAsync(Name, CancellationToken.None));
        await Log.TryAppendAsync(Name, 1, ["+a", "+b"], CancellationToken.None);
        await Log.TryAppendAsync("another", 1, ["+a"], CancellationToken.None);
        Assert.Equal(3, await Log.EndAsync(Name, CancellationToken.None));
        await Log.TrimAsync(Name, 3, CancellationToken.None);
        Assert.Equal(3, await Log.EndAsync(Name, CancellationToken.None));
    }

    // Away from the test: what never ends may do so without ever waiting.
    private static Task PromptlyAsync(Func<Task> story) => Task.Run(story).WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);

    private Roster NewRoster() => new("all", new LogHost(Log));

    /// <summary>An entity that has a log and nothing else.</summary>
    private sealed class LogHost(ILog log) : IEntityHost
    {
        public TimeProvider Time => TimeProvider.System;

        public ILog Log => log;

        public IEntities Entities => throw new NotSupportedException();

        public IStore<T> Store<T>() where T : class => throw new NotSupportedException();

        public Task WakeAtAsync(DateTimeOffset? due) => throw new NotSupportedException();

        public Task<RecallAnswer> RecallAsync(string gateway, Recall recall, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
