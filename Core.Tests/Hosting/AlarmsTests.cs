using ControlPlane.Entities;

namespace ControlPlane.Hosting;

public sealed class AlarmsTests
{
    private static readonly EntityKey Entity = new("session", "s");
    private readonly VirtualTime _time = new();
    private readonly Alarms _alarms;
    private Func<Task> _wake = () => Task.CompletedTask;
    private int _wakes;

    public AlarmsTests() => _alarms = new Alarms(_time, _ => new Woken(this));

    [Fact]
    public Task An_entity_whose_clock_is_behind_is_woken_no_more_than_once_a_second() => RunAsync(async () =>
    {
        // Its half a minute from now passed long ago.
        _wake = () =>
        {
            _alarms.Set(Entity, _time.GetUtcNow() - TimeSpan.FromMinutes(1) + TimeSpan.FromTicks(_wakes));
            return Task.CompletedTask;
        };
        _alarms.Set(Entity, _time.GetUtcNow());
        await _time.PassAsync(TimeSpan.FromSeconds(10));

        Assert.InRange(_wakes, 9, 11);
    });

    [Fact]
    public Task An_alarm_that_is_set_while_a_wake_hangs_goes_off_once_a_second_at_most() => RunAsync(async () =>
    {
        var hangs = new TaskCompletionSource();
        _wake = () => hangs.Task;
        _alarms.Set(Entity, _time.GetUtcNow());
        await _time.PassAsync(TimeSpan.FromMilliseconds(100));
        Assert.Equal(1, _wakes);

        _alarms.Set(Entity, _time.GetUtcNow());
        await _time.PassAsync(TimeSpan.FromMilliseconds(500));
        Assert.Equal(1, _wakes);
        await _time.PassAsync(TimeSpan.FromMilliseconds(500));
        Assert.Equal(2, _wakes);
        hangs.SetResult();
    });

    [Fact]
    public Task A_wake_that_fails_is_repeated_until_one_succeeds() => RunAsync(async () =>
    {
        _wake = () => _wakes < 3 ? throw new IOException() : ClearAsync();
        _alarms.Set(Entity, _time.GetUtcNow());
        await _time.PassAsync(TimeSpan.FromMinutes(2));

        Assert.Equal(3, _wakes);
    });

    [Fact]
    public Task An_alarm_to_come_goes_off_at_its_time() => RunAsync(async () =>
    {
        _wake = () =>
        {
            _alarms.Set(Entity, _wakes == 1 ? _time.GetUtcNow() + TimeSpan.FromSeconds(30) : null);
            return Task.CompletedTask;
        };
        _alarms.Set(Entity, _time.GetUtcNow());
        await _time.PassAsync(TimeSpan.FromSeconds(29));
        Assert.Equal(1, _wakes);
        await _time.PassAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(2, _wakes);
    });

    private Task ClearAsync()
    {
        _alarms.Set(Entity, null);
        return Task.CompletedTask;
    }

    private Task RunAsync(Func<Task> story) => Task.Run(async () =>
    {
        using var stopping = new CancellationTokenSource();
        var running = Task.Run(() => _alarms.RunAsync(stopping.Token));
        await story();
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _time.PassUntilAsync(running));
    });

    private sealed class Woken(AlarmsTests test) : IEntity
    {
        public bool IsForgettable => true;

        public Task WakeAsync(CancellationToken cancellationToken = default)
        {
            test._wakes++;
            return test._wake();
        }
    }
}
