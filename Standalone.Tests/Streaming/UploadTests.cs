using System.Globalization;
using ControlPlane.Running;
using ControlPlane.Wire;

namespace ControlPlane.Streaming;

/// <summary>
/// Large uploads through the whole program. That a gibibyte passes both ways in chunks is shown with a worker of bytes in <c>Proxy.Tests</c>;
/// here the clone answers for itself what it does not take, and memory does not grow with what is sent.
/// </summary>
public sealed class UploadTests : IAsyncLifetime
{
    private const int Mebibyte = 1024 * 1024;

    private StandaloneProcess _program = null!;
    private string _session = "";

    public async Task InitializeAsync()
    {
        _program = await StandaloneProcess.StartAsync();
        _session = await _program.StartSessionAsync();
    }

    public async Task DisposeAsync() => await _program.DisposeAsync();

    [Theory]
    [InlineData("/user/repos", 1024, false)]
    [InlineData("/user/repos", 1024, true)]
    [InlineData("/user/repos", 2, false)]
    [InlineData("/user/repos", 2, true)]
    public async Task More_than_the_clone_takes_is_413_in_its_own_words_and_memory_stays_flat(string path, int mebibytes, bool chunked)
    {
        var before = PeakMemory();
        var answer = await UploadAsync($"POST /runtime/{_session}/github/api{path}", mebibytes, chunked);

        Assert.Equal((413, null), (answer!.Head.Status, answer.Head["x-route-error"]));
        Assert.NotNull(answer.Head["x-github-request-id"]);
        Assert.Contains("\"documentation_url\"", answer.Text, StringComparison.Ordinal);
        Assert.InRange(PeakMemory() - before, 0, 128L * Mebibyte);
        Assert.DoesNotContain("Exception", _program.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "/no/such/thing", 404)]
    [InlineData("GET", "/user", 200)]
    [InlineData("POST", "/repos/octocat/none/issues", 413)]
    public async Task An_answer_that_does_not_wait_for_the_body_arrives_all_the_same(string method, string path, int status)
    {
        var answer = await UploadAsync($"{method} /runtime/{_session}/github/api{path}", 100, chunked: true);

        Assert.Equal((status, null), (answer!.Head.Status, answer.Head["x-route-error"]));
        Assert.DoesNotContain("Exception", _program.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_whole_mebibyte_reaches_the_clone()
    {
        var answer = await UploadAsync($"POST /runtime/{_session}/github/api/user/repos", 1, chunked: true);

        Assert.Equal((400, null), (answer!.Head.Status, answer.Head["x-route-error"]));
        Assert.Contains("Problems parsing JSON", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_who_breaks_off_leaves_no_trace()
    {
        await using (var wire = await _program.ConnectAsync())
        {
            await wire.SendAsync(
                $"POST /runtime/{_session}/github/api/user/repos HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {_program.OwnerToken}\r\n"
                + "Expect: 100-continue\r\nContent-Length: 1000\r\n\r\n");
            Assert.Equal(100, (await wire.ReadHeadAsync())!.Status);
            await wire.SendAsync("{\"name\":\"half");
        }

        var repositories = await _program.CallAsync(HttpMethod.Get, $"/runtime/{_session}/github/api/user/repos", _program.OwnerToken);
        Assert.Equal("small-project", Assert.Single(repositories.EnumerateArray()).GetProperty("name").GetString());
        await _program.TerminateAsync();
        Assert.DoesNotContain("Exception", _program.Log, StringComparison.Ordinal);
    }

    private async Task<Received?> UploadAsync(string request, int mebibytes, bool chunked)
    {
        await using var wire = await _program.ConnectAsync();
        var length = (long)mebibytes * Mebibyte;
        await wire.SendAsync(
            $"{request} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {_program.OwnerToken}\r\n"
            + (chunked ? "Transfer-Encoding: chunked\r\n\r\n" : $"Content-Length: {length}\r\n\r\n"));
        var block = new byte[Mebibyte];
        block.AsSpan().Fill((byte)'x');
        for (var sent = 0; sent < mebibytes; sent++)
        {
            if (chunked)
            {
                await wire.SendAsync($"{Mebibyte:x}\r\n");
            }

            await wire.SendAsync(block);
            await wire.SendAsync(chunked ? "\r\n" : "");
        }

        await wire.SendAsync(chunked ? "0\r\n\r\n" : "");
        return await wire.ReadAnswerAsync();
    }

    private long PeakMemory() => long.Parse(
        File.ReadLines($"/proc/{_program.Id}/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) * 1024;
}
