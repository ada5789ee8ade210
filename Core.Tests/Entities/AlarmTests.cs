using ControlPlane.Hosting;

namespace ControlPlane.Entities;

public sealed class AlarmTests
{
    private readonly VirtualTime _time = new();
    private readonly BareHost _host;
    private readonly Alarm _alarm;

    public AlarmTests()
    {
        _host = new BareHost(default, _time, new MemoryStorage());
        _alarm = new Alarm(_host);
    }

    [Fact]
    public Task It_is_set_no_later_than_any_save_relies_on_and_no_more_often_than_needed() => Task.Run(async () =>
    {
        await _alarm.EnsureByAsync(In(30));
        await _alarm.EnsureByAsync(In(40));
        await _alarm.EnsureByAsync(null);
        await _alarm.EnsureByAsync(In(20));

        Assert.Equal([In(30), In(20)], _host.Alarms);
    });

    [Fact]
    public Task What_a_save_relies_on_while_the_alarm_goes_off_is_kept_by_the_reset() => Task.Run(async () =>
    {
        await _alarm.EnsureByAsync(In(10));
        _time.Advance(TimeSpan.FromSeconds(10));

        // The wake has looked at the state; then a save comes that must be woken for in 30 s.
        await _alarm.EnsureByAsync(In(30));
        await _alarm.ResetAsync(In(1800));

        Assert.Equal(In(30), _host.Alarms[^1]);
    });

    [Fact]
    public Task What_was_relied_on_is_not_cleared_with_what_is_done() => Task.Run(async () =>
    {
        await _alarm.EnsureByAsync(In(10));
        _time.Advance(TimeSpan.FromSeconds(10));
        await _alarm.EnsureByAsync(In(30));
        await _alarm.ResetAsync(null);
        Assert.Equal(In(30), _host.Alarms[^1]);

        _time.Advance(TimeSpan.FromSeconds(30));
        await _alarm.ResetAsync(null);
        Assert.Null(_host.Alarms[^1]);
    });

    [Fact]
    public Task A_save_that_may_fail_moves_no_alarm_of_another_activation_far_away() => Task.Run(async () =>
    {
        await _alarm.EnsureByAsync(In(10));
        _time.Advance(TimeSpan.FromSeconds(10));

        // It went off at another activation, which has found something left to do in half a minute. This save would leave nothing to do.
        await _alarm.EnsureByAsync(In(604_800));

        Assert.Equal(In(30), _host.Alarms[^1]);
    });

    [Fact]
    public Task An_alarm_that_could_not_be_set_fails_and_does_not_count() => Task.Run(async () =>
    {
        _host.OnAlarm = () => throw new IOException();
        await Assert.ThrowsAsync<IOException>(() => _alarm.EnsureByAsync(In(10)));
        _host.OnAlarm = null;
        await _alarm.EnsureByAsync(In(10));

        Assert.Equal([In(10)], _host.Alarms);
    });

    private DateTimeOffset In(int seconds) => _time.GetUtcNow() + TimeSpan.FromSeconds(seconds);
}
