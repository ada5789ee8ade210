namespace ControlPlane.Processes;

/// <summary>What an operator fears, done to real processes over a real Redis.</summary>
[Collection(nameof(RunningCluster))]
public sealed class ClusterProcessTests(RunningCluster cluster)
{
    private Uri One => cluster.One;

    private Uri Other => cluster.Other;

    [Fact]
    public async Task A_key_revoked_through_one_gateway_is_refused_by_both()
    {
        var (session, key) = (await cluster.SessionAsync(One), await cluster.KeyAsync(Other));
        Assert.Equal((200, 200), (await cluster.CallAsync(One, session, key.Secret), await cluster.CallAsync(Other, session, key.Secret)));

        await cluster.RevokeAsync(Other, key.Id);

        Assert.Equal((401, 401), (await cluster.CallAsync(One, session, key.Secret), await cluster.CallAsync(Other, session, key.Secret)));
    }

    /// <summary>A frozen process resets no connection: only its silence tells.</summary>
    [Theory, InlineData("KILL"), InlineData("STOP")]
    public async Task A_silo_that_is_killed_or_frozen_costs_no_request(string signal)
    {
        var (session, key) = (await cluster.SessionAsync(One), await cluster.KeyAsync(Other));
        await cluster.CallAsync(One, session, key.Secret);
        await cluster.CallAsync(Other, session, key.Secret);

        await cluster.SignalAsync("silo1", signal);
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(8))
        {
            await cluster.MustServeAsync(One, session, key.Secret);
            await cluster.MustServeAsync(Other, session, key.Secret);

            // GitHub lets nobody make more than 5 000 requests an hour, and neither does its clone.
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        // A 503 meanwhile is an honest answer, and a revocation may be asked for again.
        await RunningCluster.UntilAsync(() => cluster.SessionAsync(One));
        await RunningCluster.UntilAsync(() => cluster.RevokeAsync(One, key.Id));
        Assert.Equal((401, 401), (await cluster.CallAsync(One, session, key.Secret), await cluster.CallAsync(Other, session, key.Secret)));

        // A silo that wakes finds itself declared dead, and ends; whoever runs it starts another.
        await cluster.SignalAsync("silo1", "CONT");
        await cluster.GoneAsync("silo1");
        await cluster.UpAsync();
    }

    [Fact]
    public async Task Silos_killed_together_are_back_on_their_addresses_within_ten_seconds()
    {
        var (session, key) = (await cluster.SessionAsync(One), await cluster.KeyAsync(Other));
        var took = new List<TimeSpan>();
        do
        {
            await Task.WhenAll(cluster.SignalAsync("silo1", "KILL"), cluster.SignalAsync("silo2", "KILL"));

            var up = cluster.UpAsync();
            took.Add((await RunningCluster.UntilAsync(() => cluster.SessionAsync(One))).Took);
            await up;
        }
        while (took[^1] >= TimeSpan.FromSeconds(10) && took.Count < 4);

        // Whatever else a shared machine does at that moment, one of a few times is its own.
        Assert.True(took[^1] < TimeSpan.FromSeconds(10), $"It took {string.Join(", ", took)}.");
        Assert.Equal((200, 200), (await cluster.CallAsync(One, session, key.Secret), await cluster.CallAsync(Other, session, key.Secret)));
    }

    [Fact]
    public async Task A_revocation_that_was_acknowledged_outlives_the_death_of_redis()
    {
        var (session, key) = (await cluster.SessionAsync(One), await cluster.KeyAsync(Other));
        await cluster.CallAsync(One, session, key.Secret);
        await cluster.RevokeAsync(One, key.Id);

        await cluster.SignalAsync("redis", "KILL");
        await cluster.UpAsync();
        await RunningCluster.UntilAsync(() => cluster.SessionAsync(One));

        Assert.Equal((401, 401), (await cluster.CallAsync(One, session, key.Secret), await cluster.CallAsync(Other, session, key.Secret)));
    }
}
