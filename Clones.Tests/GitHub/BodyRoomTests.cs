using System.Net.Sockets;
using System.Text;
using ControlPlane.Workers;

namespace ControlPlane.GitHub;

/// <summary>How much of what is sent to it a worker holds, whoever sends it and however slowly.</summary>
public sealed class BodyRoomTests
{
    private const int Mebibyte = 1024 * 1024;
    private const int Room = 16 * Mebibyte;
    private const int Uploads = 64;

    /// <summary>A bound on failure, never a wait.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Unfinished_bodies_share_the_room_and_small_ones_need_none(bool chunked)
    {
        await using var running = await RunningWorker.StartAsync(with: static options => options with { HeldBodyBytes = Room });
        var uploads = new List<Upload>();
        try
        {
            for (var at = 0; at < Uploads; at++)
            {
                uploads.Add(await Upload.BeginAsync(running.Worker.DataAddress, chunked));
            }

            // Each needs a mebibyte for what it has sent, so that no more than sixteen can be held; the others are told to come again.
            var refused = uploads.Select(static upload => upload.AnswerAsync()).ToList();
            for (var told = 0; told < Uploads - (Room / Mebibyte); told++)
            {
                var answered = await Task.WhenAny(refused).WaitAsync(Patience);
                refused.Remove(answered);
                var head = await answered;

                Assert.StartsWith("HTTP/1.1 503 ", head, StringComparison.Ordinal);
                Assert.Contains("Retry-After: 1\r\n", head, StringComparison.Ordinal);
                Assert.Contains("X-GitHub-Request-Id: ", head, StringComparison.Ordinal);
                Assert.InRange(running.Worker.Bodies.Taken, 0, Room);
            }

            Assert.Equal(201, (await running.PostAsync(GitHubWorker.Issues, """{"title":"small"}""")).Code);
        }
        finally
        {
            uploads.ForEach(static upload => upload.Dispose());
        }
    }

    [Theory]
    [InlineData(15, 201)]
    [InlineData(60, 201)]
    [InlineData(1023, 422)]
    [InlineData(1025, 413)]
    public async Task What_was_answered_has_given_its_room_back(int kibibytes, int status)
    {
        await using var running = await RunningWorker.StartAsync(with: static options => options with { HeldBodyBytes = Room });

        // So large that the second would not have found room beside the first.
        for (var time = 0; time < 2; time++)
        {
            var reply = await running.PostAsync(GitHubWorker.Issues, $$"""{"title":"t","body":"{{new string('b', kibibytes * 1024)}}"}""");
            Assert.Equal(status, reply.Code);
        }

        Assert.Equal(0, running.Worker.Bodies.Taken);
    }

    /// <summary>A request of which a little less than all is sent.</summary>
    private sealed class Upload : IDisposable
    {
        private readonly TcpClient _client = new();

        public static async Task<Upload> BeginAsync(Uri worker, bool chunked)
        {
            var upload = new Upload();
            await upload._client.ConnectAsync(worker.Host, worker.Port);
            await upload.SendAsync(
                $"POST {GitHubWorker.Issues} HTTP/1.1\r\nHost: worker\r\nAuthorization: Bearer any\r\nx-clone-ticket: ses-1.github.1.{Client.Key}\r\n"
                + $"x-clone-base-url: {Client.BaseUrl}\r\n" + (chunked ? $"Transfer-Encoding: chunked\r\n\r\n{Mebibyte:x}\r\n" : $"Content-Length: {Mebibyte}\r\n\r\n"));
            await upload.SendAsync(new string(' ', Mebibyte - 1));
            return upload;
        }

        /// <summary>The head of the answer.</summary>
        public async Task<string> AnswerAsync()
        {
            var (buffer, head) = (new byte[8 * 1024], "");
            while (!head.Contains("\r\n\r\n", StringComparison.Ordinal) && await _client.GetStream().ReadAsync(buffer) is > 0 and var read)
            {
                head += Encoding.ASCII.GetString(buffer, 0, read);
            }

            return head;
        }

        public void Dispose() => _client.Dispose();

        private async Task SendAsync(string text) => await _client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text)).AsTask().WaitAsync(Patience);
    }
}
