using System.Globalization;
using System.Net;
using ControlPlane.Running;
using Xunit.Abstractions;

namespace ControlPlane.Start;

[Collection(Measured.Name)]
public sealed class StartTimeTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(1);

    private const int Tries = 10;

    [Fact]
    public async Task The_first_request_is_answered_within_a_second_of_the_command()
    {
        var took = new List<TimeSpan>();
        while (took.Count < Tries && !took.Exists(time => time <= Budget))
        {
            var started = TimeProvider.System.GetTimestamp();
            await using var program = await StandaloneProcess.StartAsync();
            using var client = program.Client(program.OwnerToken);
            using var ready = await client.GetAsync("/health/ready");
            var (whole, waited) = (TimeProvider.System.GetElapsedTime(started), WaitedForProcessor(program.Id));
            took.Add(whole - waited);
            output.WriteLine($"Command to first answer: {whole.TotalMilliseconds:F0} ms, in which it waited {waited.TotalMilliseconds:F0} ms for a processor");
            Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        }

        Assert.Contains(took, time => time <= Budget);
    }

    /// <summary>What other programs cost it, by the kernel's count: on a machine with nothing else to do, next to nothing.</summary>
    private static TimeSpan WaitedForProcessor(int process)
    {
        var tasks = $"/proc/{process}/task";
        return Directory.Exists(tasks)
            ? TimeSpan.FromMicroseconds(Directory.GetDirectories(tasks).Select(WaitedNanoseconds).Max() / 1000)
            : TimeSpan.Zero;
    }

    private static long WaitedNanoseconds(string task)
    {
        try
        {
            return long.Parse(File.ReadAllText(Path.Combine(task, "schedstat")).Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // The thread has ended.
            return 0;
        }
    }
}
