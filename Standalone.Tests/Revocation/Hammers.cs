using System.Collections.Concurrent;
using System.Net.Http.Headers;
using ControlPlane.Running;

namespace ControlPlane.Revocation;

/// <summary>One request: when it was sent, and the refusal it met; null when it was admitted.</summary>
internal sealed record Asked(int Client, long Sent, string? Code)
{
    /// <summary>Its answer had begun, so that breaking it off was all that could be done.</summary>
    public const string Aborted = "aborted";
}

/// <summary>Clients that ask without a pause, each on one connection that it keeps open.</summary>
internal sealed class Hammers(StandaloneProcess program, int count) : IDisposable
{
    private readonly HttpClient[] _clients = [.. Enumerable.Range(0, count).Select(_ => program.Client())];

    /// <summary>
    /// All ask for one thing with one token; once each was answered (or at once, if not <paramref name="warm"/>) the act is done, and each
    /// goes on until it has been answered something that it asked after the act. Gives what they asked, when the act had been answered and how long it took.
    /// </summary>
    public async Task<(IReadOnlyCollection<Asked> Asked, long Done, TimeSpan Took)> WhileAsync(
        string target, string token, Func<Task> act, bool warm = true)
    {
        var asked = new ConcurrentQueue<Asked>();
        var done = long.MaxValue;
        using var answered = new CountdownEvent(count);
        var allWarm = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asking = _clients.Select((client, number) => Task.Run(async () =>
        {
            for (var first = true; ; first = false)
            {
                var one = await AskAsync(client, number, target, token);
                asked.Enqueue(one);
                if (first && answered.Signal())
                {
                    allWarm.SetResult();
                }

                if (one.Sent >= Interlocked.Read(ref done))
                {
                    return;
                }
            }
        })).ToList();

        await (warm ? allWarm.Task : Task.CompletedTask);
        var began = TimeProvider.System.GetTimestamp();
        try
        {
            await act();
        }
        finally
        {
            Interlocked.Exchange(ref done, TimeProvider.System.GetTimestamp());
            await Task.WhenAll(asking);
        }

        return (asked, done, TimeProvider.System.GetElapsedTime(began, done));
    }

    public void Dispose() => Array.ForEach(_clients, client => client.Dispose());

    private static async Task<Asked> AskAsync(HttpClient client, int number, string target, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, target) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        var sent = TimeProvider.System.GetTimestamp();
        try
        {
            using var answer = await client.SendAsync(request);
            var refused = answer.Headers.TryGetValues("x-route-error", out var codes) ? $"{(int)answer.StatusCode} {codes.Single()}" : null;
            return new Asked(number, sent, refused);
        }
        catch (HttpRequestException)
        {
            return new Asked(number, sent, Asked.Aborted);
        }
    }
}
