using System.Text.Json;

namespace ControlPlane.Events;

/// <summary>A reader of server-sent events over a real socket, with nothing of ours between.</summary>
internal sealed class EventReader : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false, UseProxy = false });
    private readonly CancellationTokenSource _limit = new(Patience);
    private StreamReader? _lines;

    public HttpResponseMessage Answer { get; private set; } = new();

    public static async Task<EventReader> OpenAsync(Uri address, string target, string token, string? last = null)
    {
        var reader = new EventReader();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, target));
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        if (last is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", last);
        }

        reader.Answer = await reader._http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, reader._limit.Token);
        reader._lines = new StreamReader(await reader.Answer.Content.ReadAsStreamAsync(reader._limit.Token));
        return reader;
    }

    /// <summary>The next line; null: the stream has ended.</summary>
    /// <exception cref="Exception">It was broken off.</exception>
    public async Task<string?> LineAsync() => await _lines!.ReadLineAsync(_limit.Token);

    /// <summary>The next event; null: the stream has ended.</summary>
    public async Task<ToldEvent?> NextAsync()
    {
        string? id = null, name = null;
        while (await LineAsync() is { } line)
        {
            id = line.StartsWith("id: ", StringComparison.Ordinal) ? line[4..] : id;
            name = line.StartsWith("event: ", StringComparison.Ordinal) ? line[7..] : name;
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return new ToldEvent(id!, name!, JsonElement.Parse(line[6..]));
            }
        }

        return null;
    }

    public void Dispose()
    {
        Answer.Dispose();
        _http.Dispose();
        _limit.Dispose();
    }
}

internal sealed record ToldEvent(string Id, string Name, JsonElement Data)
{
    public string Session => Data.GetProperty("sessionId").GetString()!;
}
