namespace ControlPlane.Hosting;

/// <summary>Waits for what comes by itself; a test that waits in vain fails.</summary>
internal static class Until
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(30);

    /// <summary>Asks again while the cluster has no answer.</summary>
    public static async Task<T> AnsweredAsync<T>(Func<Task<T>> ask)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (Exception problem) when (problem is not Xunit.Sdk.XunitException && TimeProvider.System.GetElapsedTime(began) < Enough)
            {
                await Task.Delay(Pause, TimeProvider.System);
            }
        }
    }

    public static async Task TrueAsync(Func<bool> isTrue)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!isTrue())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Enough, "It did not come.");
            await Task.Delay(Pause, TimeProvider.System);
        }
    }
}
