namespace ControlPlane.Hosting;

/// <summary>Lets virtual time pass from timer to timer, and everything that a timer sets off come to rest before the next.</summary>
internal static class Passing
{
    /// <summary>Nothing takes longer than this of virtual time: a test that waits for more waits for nothing.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Lets this much time pass.</summary>
    public static async Task PassAsync(this VirtualTime time, TimeSpan span)
    {
        await Quiet.WaitAsync();
        for (var left = span; ;)
        {
            var step = time.UntilNextTimer is { } next && next < left ? next : left;
            time.Advance(step);
            await Quiet.WaitAsync();
            left -= step;
            if (left <= TimeSpan.Zero && !(time.UntilNextTimer <= TimeSpan.Zero))
            {
                return;
            }
        }
    }

    /// <summary>Lets time pass until something is done, and gives what came of it.</summary>
    public static async Task<T> PassUntilAsync<T>(this VirtualTime time, Task<T> task)
    {
        await time.PassUntilAsync((Task)task);
        return await task;
    }

    /// <summary>Lets time pass until something is done.</summary>
    public static async Task PassUntilAsync(this VirtualTime time, Task task)
    {
        var began = time.GetTimestamp();
        await Quiet.WaitAsync();
        while (!task.IsCompleted)
        {
            if (time.UntilNextTimer is not { } next || time.GetElapsedTime(began) > Patience)
            {
                throw new TimeoutException($"It was not done after {time.GetElapsedTime(began)}, and nothing is left that time would bring about.");
            }

            time.Advance(next);
            await Quiet.WaitAsync();
        }

        await task;
    }
}
