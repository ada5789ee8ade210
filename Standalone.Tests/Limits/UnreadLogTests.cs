using System.Net;
using System.Text.RegularExpressions;
using ControlPlane.Running;

namespace ControlPlane.Limits;

/// <summary>Standard error is a pipe whose reader has stopped, as a log collector does that hangs.</summary>
public sealed partial class UnreadLogTests
{
    // A line each: more than the pipe (64 KiB) and the queue before it (2 500 lines) hold together.
    private const int Lines = 6_000;

    [Fact]
    public async Task Requests_go_on_when_nobody_reads_the_log()
    {
        using var data = new DataFolder();
        using var process = StandaloneProcess.Launch(["--urls", "http://127.0.0.1:0", "--data", data.Path]);
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
            using var client = new HttpClient { BaseAddress = await UrlAsync(process.StandardOutput, limit.Token) };
            var token = await File.ReadAllTextAsync(Path.Combine(data.Path, "owner.token"), limit.Token);
            client.DefaultRequestHeaders.Add("Authorization", $"Bearer {token.Trim()}");

            await Parallel.ForAsync(0, Lines, limit.Token, async (number, cancelled) =>
            {
                using var refused = await client.GetAsync($"/api/sessions/no-{number}", cancelled);
                Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
            });
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private static async Task<Uri> UrlAsync(StreamReader output, CancellationToken cancellationToken)
    {
        while (await output.ReadLineAsync(cancellationToken) is { } line)
        {
            if (Address().Match(line) is { Success: true } address)
            {
                return new Uri(address.Value);
            }
        }

        throw new InvalidOperationException("It did not start.");
    }

    [GeneratedRegex(@"http://[^\s/]+:\d+")]
    private static partial Regex Address();
}
