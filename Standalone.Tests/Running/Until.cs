namespace ControlPlane.Running;

/// <summary>Waits for a condition that nobody announces. The limit is only reached by a failure.</summary>
internal static class Until
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    public static async Task TrueAsync(string what, Func<Task<bool>> condition)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Limit, $"Waited in vain until {what}.");
            await Task.Delay(Pause, TimeProvider.System);
        }
    }
}
