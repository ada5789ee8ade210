using ControlPlane.Hosting;
using ControlPlane.Records;
using Orleans.Concurrency;

namespace ControlPlane.Entities;

/// <summary>
/// Keeps alarms in one record and wakes entities when they are due. While it is active it waits by itself; its one reminder brings it back
/// within a minute after its silo has died, for gateways enforce deadlines and alarms only clean up.
/// </summary>
[GrainType("alarms"), Reentrant]
internal sealed class AlarmGrain : Grain, IAlarmGrain, IRemindable
{
    private const string Reminder = "awake";

    /// <summary>The least that a reminder may have.</summary>
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan RegisterAgain = TimeSpan.FromMilliseconds(100);

    private readonly EntityServices _services;
    private readonly Record<AlarmState> _record;
    private readonly Alarms _alarms;
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;
    private Task<IGrainReminder>? _reminder;
    private bool _restored;

    public AlarmGrain(EntityServices services)
    {
        _services = services;
        _alarms = new Alarms(services.Clock.Time, Find);
        _record = new Record<AlarmState>(new GrainStore<AlarmState>(services.Storage, GrainContext.GrainId))
        {
            // With the reminder in place first, no alarm is ever durable without somebody to ring it.
            BeforeSave = (_, _) => RemindedAsync(),
        };
        _record.Loaded += Take;
    }

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await _record.ReadAsync(cancellationToken);
        _running = _alarms.RunAsync(_stopping.Token);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _running.ContinueWith(static _ => { }, TaskScheduler.Current);
        _stopping.Dispose();
    }

    public async Task SetAsync(string kind, string key, DateTimeOffset? due)
    {
        var name = $"{kind}/{key}";
        await _record.ChangeAsync((state, _) => Set(state ?? AlarmState.Empty, name, due));
        _alarms.Set(new EntityKey(kind, key), due);
    }

    /// <summary>
    /// To be active is all that is wanted. It stays also while there is nothing to ring: taken away, it could go just when an alarm is being set,
    /// which would then be durable with nobody to ring it, and 64 reminders cost nothing.
    /// </summary>
    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;

    private static Decision<AlarmState, bool> Set(AlarmState state, string name, DateTimeOffset? due)
    {
        var set = state.Due.TryGetValue(name, out var known) ? known : (DateTimeOffset?)null;
        return set == due
            ? Decision<AlarmState, bool>.Keep(true)
            : Decision<AlarmState, bool>.Save(new AlarmState(due is { } at ? state.Due.SetItem(name, at) : state.Due.Remove(name)), true);
    }

    /// <summary>Once, but one that could not be registered is tried again with the next save.</summary>
    private Task RemindedAsync() => _reminder = _reminder is null or { IsCompleted: true, IsCompletedSuccessfully: false } ? RegisterAsync() : _reminder;

    /// <summary>
    /// A silo that is only starting registers none, and one that has just died answers nobody: it is asked again for as long as whoever sets an alarm
    /// waits.
    /// </summary>
    private async Task<IGrainReminder> RegisterAsync()
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return await this.RegisterOrUpdateReminder(Reminder, ReminderPeriod, ReminderPeriod);
            }
            catch (Exception) when (TimeProvider.System.GetElapsedTime(began) < _services.Limits.Call)
            {
                await Task.Delay(RegisterAgain, TimeProvider.System);
            }
        }
    }

    /// <summary>
    /// At the first read an earlier activation's alarms, what that one had under way first; later, after a lost race, what another has set.
    /// </summary>
    private void Take(Stored<AlarmState> stored)
    {
        var alarms = (stored.State ?? AlarmState.Empty).Alarms;
        if (!_restored)
        {
            _restored = true;
            _alarms.Restore(alarms);
            return;
        }

        foreach (var (entity, due) in alarms)
        {
            _alarms.Set(entity, due);
        }
    }

    private Woken? Find(EntityKey key) => EntityKinds.Known(key.Kind)
        ? new Woken(_services.Grains.GetGrain<IEntityGrain>(GrainId.Create(key.Kind, key.Key)))
        : null;

    /// <summary>An entity as its alarm sees it.</summary>
    private sealed class Woken(IEntityGrain grain) : IEntity
    {
        public bool IsForgettable => true;

        public Task WakeAsync(CancellationToken cancellationToken = default) => grain.WakeAsync(cancellationToken);
    }
}
