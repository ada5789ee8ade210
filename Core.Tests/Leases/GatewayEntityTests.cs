using ControlPlane.Hosting;

namespace ControlPlane.Leases;

/// <summary>Protocol 13 to 16, from the owner's side.</summary>
public sealed class GatewayEntityTests
{
    private static readonly EntityKey Key = new("gateway", "g1");
    private static readonly Recall Gone = new(RecallKind.Drop, Subject.Credential("k1"), 5);
    private readonly LeaseOptions _options = new();
    private readonly VirtualTime _time = new();
    private readonly MemoryStorage _storage = new();

    [Fact]
    public Task Each_renewal_is_a_save() => Task.Run(async () =>
    {
        var gateway = NewGateway();
        await gateway.OpenAsync();
        for (var i = 2; i < 6; i++)
        {
            Assert.Equal(_options.Duration, (await gateway.RenewAsync([])).Duration);
            Assert.Equal(i, _storage.Count(StorageAction.Write, Key));
        }
    });

    [Fact]
    public Task A_renewal_that_was_not_saved_is_none() => Task.Run(async () =>
    {
        var gateway = NewGateway();
        await gateway.OpenAsync();
        _storage.IsDown = true;
        await Assert.ThrowsAsync<Errors.ControlPlaneException>(() => gateway.RenewAsync([]));
        _storage.IsDown = false;

        // What is stored is read again, and counts in full from there; it was not lengthened.
        Assert.False(await gateway.IsOverAsync());
        await _time.PassAsync(_options.DurationWithDrift);
        Assert.True(await gateway.IsOverAsync());
        Assert.Equal(LeaseAnswer.IsOver, await gateway.RenewAsync([]));
    });

    [Fact]
    public Task A_renewal_makes_no_record_and_says_over() => Task.Run(async () =>
    {
        Assert.Equal(LeaseAnswer.IsOver, await NewGateway().RenewAsync([]));
        Assert.Null(_storage.Peek(Key));
    });

    [Fact]
    public Task While_a_recall_is_outstanding_the_answer_to_a_renewal_is_the_recall() => Task.Run(async () =>
    {
        var gateway = NewGateway();
        await gateway.OpenAsync();
        var recalled = gateway.RecallAsync(Gone);
        await Quiet.WaitAsync();

        for (var i = 0; i < 2; i++)
        {
            var answer = await gateway.RenewAsync([]);
            Assert.Equal((false, null), (answer.Over, answer.Duration));
            Assert.Equal([Gone], answer.Recalls);
        }

        Assert.False(recalled.IsCompleted);
        var acknowledged = Acknowledge(Gone);
        Assert.Equal(_options.Duration, (await gateway.RenewAsync([acknowledged])).Duration);
        Assert.Equal(acknowledged, await recalled);
    });

    [Fact]
    public Task A_recall_is_saved_also_for_an_incarnation_without_a_record_and_an_opening_finds_it() => Task.Run(async () =>
    {
        var gateway = NewGateway();
        var recalled = gateway.RecallAsync(Gone);
        await Quiet.WaitAsync();

        Assert.Equal([Gone], (await NewGateway().OpenAsync()).Recalls);
        Assert.False(recalled.IsCompleted);
    });

    [Fact]
    public Task An_acknowledgement_of_less_leaves_the_recall_there() => Task.Run(async () =>
    {
        var gateway = NewGateway();
        await gateway.OpenAsync();
        var newer = Gone with { Version = 9 };
        var (first, second) = (gateway.RecallAsync(Gone), gateway.RecallAsync(newer));
        await Quiet.WaitAsync();

        Assert.Equal([newer], (await gateway.RenewAsync([Acknowledge(Gone)])).Recalls);
        Assert.Equal(Acknowledge(Gone), await first);
        Assert.False(second.IsCompleted);
        Assert.Empty((await gateway.RenewAsync([Acknowledge(newer)])).Recalls);
        Assert.NotNull(await second);
    });

    [Fact]
    public Task An_owner_is_answered_when_the_lease_is_over_and_that_is_saved_before_it_is_said() => Task.Run(async () =>
    {
        var gateway = NewGateway();
        await gateway.OpenAsync();
        var recalled = gateway.RecallAsync(Gone);
        await _time.PassAsync(_options.DurationWithDrift - TimeSpan.FromMilliseconds(1));
        Assert.False(recalled.IsCompleted);

        var held = new TaskCompletionSource();
        _storage.Before = step => step.Action == StorageAction.Write ? held.Task : Task.CompletedTask;
        await _time.PassAsync(TimeSpan.FromMilliseconds(5));
        Assert.False(recalled.IsCompleted);
        Assert.DoesNotContain("\"over\":true", _storage.Peek(Key)!.Value.Json, StringComparison.Ordinal);

        held.SetResult();
        Assert.Null(await recalled);
        Assert.Contains("\"over\":true", _storage.Peek(Key)!.Value.Json, StringComparison.Ordinal);
    });

    [Fact]
    public Task The_lease_counts_from_the_answer_and_a_little_longer_than_its_holder_counts() => Task.Run(async () =>
    {
        var gateway = NewGateway();
        await gateway.OpenAsync();
        var late = new TaskCompletionSource();
        _storage.After = step => step.Action == StorageAction.Write ? late.Task : Task.CompletedTask;
        var renewing = gateway.RenewAsync([]);
        await _time.PassAsync(_options.Duration * 3);
        _storage.After = null;
        late.SetResult();
        await renewing;

        await _time.PassAsync(_options.Duration);
        Assert.False(await gateway.IsOverAsync());
        await _time.PassAsync(_options.Duration * _options.Drift);
        Assert.True(await gateway.IsOverAsync());
    });

    [Fact]
    public Task While_a_renewal_is_being_answered_nobody_finds_the_lease_over() => Task.Run(async () =>
    {
        var gateway = NewGateway();
        await gateway.OpenAsync();
        var late = new TaskCompletionSource();
        _storage.After = step => step.Action == StorageAction.Write ? late.Task : Task.CompletedTask;
        var renewing = gateway.RenewAsync([]);
        await _time.PassAsync(_options.Duration * 2);
        var over = gateway.IsOverAsync();
        await Quiet.WaitAsync();
        _storage.After = null;
        late.SetResult();

        Assert.Equal(_options.Duration, (await renewing).Duration);
        Assert.False(await over);
    });

    [Fact]
    public Task A_renewal_that_its_caller_gave_up_holds_the_lease_for_no_longer() => Task.Run(async () =>
    {
        var gateway = NewGateway();
        await gateway.OpenAsync();
        var late = new TaskCompletionSource();
        _storage.Before = step => step.Action == StorageAction.Write ? late.Task : Task.CompletedTask;
        using var limit = new CancellationTokenSource();
        var (saving, waiting) = (gateway.RenewAsync([]), gateway.RenewAsync([], limit.Token));
        await Quiet.WaitAsync();
        await limit.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        _storage.Before = null;
        late.SetResult();
        await saving;
        await Quiet.WaitAsync();

        await _time.PassAsync(_options.DurationWithDrift);
        Assert.True(await gateway.IsOverAsync());
    });

    [Fact]
    public Task An_activation_that_loads_a_record_counts_a_full_lease() => Task.Run(async () =>
    {
        await NewGateway().OpenAsync();
        await _time.PassAsync(_options.Duration * 100);
        var next = NewGateway();

        Assert.False(await next.IsOverAsync());
        await _time.PassAsync(_options.DurationWithDrift - TimeSpan.FromMilliseconds(1));
        Assert.False(await next.IsOverAsync());
        await _time.PassAsync(TimeSpan.FromMilliseconds(1));
        Assert.True(await next.IsOverAsync());
    });

    [Fact]
    public Task After_a_lost_race_the_other_activation_s_lease_counts_in_full() => Task.Run(async () =>
    {
        var (old, current) = (NewGateway(), NewGateway());
        await old.OpenAsync();
        await _time.PassAsync(_options.DurationWithDrift - TimeSpan.FromMilliseconds(1));
        await current.RenewAsync([]);
        await _time.PassAsync(TimeSpan.FromMilliseconds(1));

        Assert.False(await old.IsOverAsync());
        await _time.PassAsync(_options.DurationWithDrift - TimeSpan.FromMilliseconds(2));
        Assert.False(await old.IsOverAsync());
    });

    [Fact]
    public Task No_clock_reading_of_a_lease_is_stored() => Task.Run(async () =>
    {
        var gateway = NewGateway();
        await gateway.OpenAsync();
        var first = _storage.Peek(Key)!.Value.Json;
        await _time.PassAsync(TimeSpan.FromHours(1));
        var other = NewGateway("g2");
        await other.OpenAsync();

        Assert.Equal(first, _storage.Peek(new EntityKey("gateway", "g2"))!.Value.Json);
    });

    [Fact]
    public Task Over_is_final() => Task.Run(async () =>
    {
        var gateway = NewGateway();
        await gateway.OpenAsync();
        await _time.PassAsync(_options.DurationWithDrift);
        Assert.True(await gateway.IsOverAsync());

        foreach (var activation in (GatewayEntity[])[gateway, NewGateway()])
        {
            Assert.Equal(LeaseAnswer.IsOver, await activation.RenewAsync([]));
            Assert.Equal(LeaseAnswer.IsOver, await activation.OpenAsync());
            Assert.Null(await activation.RecallAsync(Gone));
            Assert.True(await activation.IsOverAsync());
        }
    });

    [Fact]
    public Task A_store_that_fails_right_after_a_renewal_does_not_make_the_incarnation_over() => Task.Run(async () =>
    {
        var gateway = NewGateway();
        await gateway.OpenAsync();
        for (var round = 0; round < 200; round++)
        {
            // A recall is queued behind the renewal, and its save fails: nobody knows what is stored.
            var writes = 0;
            _storage.After = step => step.Action == StorageAction.Write && Interlocked.Increment(ref writes) == 2
                ? throw new IOException() : Task.CompletedTask;
            var renewing = gateway.RenewAsync([Acknowledge(Gone)]);
            var recalling = gateway.RecallAsync(Gone);
            Assert.False((await renewing).Over, $"round {round}");
            await Quiet.WaitAsync();
            _storage.After = null;
            await gateway.RenewAsync([Acknowledge(Gone)]);
            await Task.WhenAny(recalling);
        }
    });

    [Fact]
    public Task A_gateway_that_closes_is_over_at_once() => Task.Run(async () =>
    {
        var gateway = NewGateway();
        await gateway.OpenAsync();
        var recalled = gateway.RecallAsync(Gone);
        await Quiet.WaitAsync();
        await gateway.CloseAsync();

        Assert.Null(await recalled);
        Assert.Equal(LeaseAnswer.IsOver, await gateway.RenewAsync([]));
    });

    [Theory, InlineData(true), InlineData(false)]
    public Task An_owner_does_not_wait_for_ever_when_the_recall_is_acknowledged_to_another_activation(bool renewsHere) => Task.Run(async () =>
    {
        var (asked, other) = (NewGateway(), NewGateway());
        await asked.OpenAsync();
        var recalled = asked.RecallAsync(Gone);
        await Quiet.WaitAsync();
        await other.RenewAsync([Acknowledge(Gone)]);
        if (renewsHere)
        {
            await asked.RenewAsync([]);
        }

        for (var third = 0; third < 6; third++)
        {
            await _time.PassAsync(_options.Third);
            await (renewsHere ? asked : other).RenewAsync([]);
        }

        Assert.True(recalled.IsCompletedSuccessfully);
        Assert.True(Gone.IsAnsweredBy(Assert.IsType<RecallAnswer>(await recalled)));
    });

    [Fact]
    public Task A_share_that_was_given_back_to_another_activation_is_asked_for_again() => Task.Run(async () =>
    {
        var (asked, other) = (NewGateway(), NewGateway());
        var share = new Recall(RecallKind.Share, Subject.Session("s1"), 0, Share: 3);
        await asked.OpenAsync();
        var recalled = asked.RecallAsync(share);
        await Quiet.WaitAsync();
        await other.RenewAsync([new RecallAnswer("g1", share.Kind, share.Subject, 0, share.Share, Unused: 4)]);
        await asked.RenewAsync([]);

        // What was left of it only the other has heard.
        await Assert.ThrowsAsync<InvalidOperationException>(() => recalled);
    });

    [Fact]
    public Task An_incarnation_is_forgotten_a_month_after_its_lease_was_over() => Task.Run(async () =>
    {
        var host = new BareHost(Key, _time, _storage);
        var gateway = new GatewayEntity(host, _options);
        await gateway.OpenAsync();
        await _time.PassAsync(TimeSpan.FromMinutes(1));
        await gateway.WakeAsync();
        await Quiet.WaitAsync();
        Assert.True(gateway.IsForgettable);
        Assert.NotNull(_storage.Peek(Key));

        await _time.PassAsync(TimeSpan.FromDays(30));
        await gateway.WakeAsync();
        Assert.Null(_storage.Peek(Key));
        Assert.Null(host.Alarms[^1]);
        Assert.Equal(LeaseAnswer.IsOver, await gateway.RenewAsync([]));
    });

    private GatewayEntity NewGateway(string key = "g1") => new(new BareHost(Key with { Key = key }, _time, _storage), _options);

    private static RecallAnswer Acknowledge(Recall recall) => new("g1", recall.Kind, recall.Subject, recall.Version);
}
