using System.Net;
using ControlPlane.Running;
using Xunit.Abstractions;

namespace ControlPlane.Start;

[Collection(Measured.Name)]
public sealed class StartTimeTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(1);

    /// <summary>A machine that does other things now and then answers late; the program that cannot be fast never does.</summary>
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
            took.Add(TimeProvider.System.GetElapsedTime(started));
            Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        }

        output.WriteLine($"Command to first answer: {string.Join(", ", took.Select(time => $"{time.TotalMilliseconds:F0} ms"))}");
        Assert.Contains(took, time => time <= Budget);
    }
}
