namespace ControlPlane.Output;

/// <summary>Says at a terminal that something takes its time, and for how long by now. In a pipe it says nothing.</summary>
internal static class Progress
{
    // What is done sooner needs no explanation.
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(400);

    private static readonly TimeSpan Next = TimeSpan.FromSeconds(1);

    public static async Task<T> ShowAsync<T>(string what, TimeProvider time, Task<T> work, CancellationToken cancellationToken)
    {
        if (Console.IsErrorRedirected || ArchalVariables.Read("TERM") is null or "dumb")
        {
            return await work;
        }

        var (started, shown) = (time.GetTimestamp(), false);
        try
        {
            for (var pause = First; await Task.WhenAny(work, Task.Delay(pause, time, cancellationToken)) != work; pause = Next)
            {
                Console.Error.Write($"\r{what} ... {Durations.Text(time.GetElapsedTime(started))}");
                shown = true;
            }

            return await work;
        }
        finally
        {
            if (shown)
            {
                // The line is taken back: what follows stands alone.
                Console.Error.Write($"\r{new string(' ', what.Length + 20)}\r");
            }
        }
    }
}
