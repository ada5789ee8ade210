using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ControlPlane.Browser;

/// <summary>One connection to a browser: commands with their answers, and what it tells by itself.</summary>
internal sealed class DevTools : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode>> _asked = new();
    private Task _reading = Task.CompletedTask;
    private int _last;

    /// <summary>A bound on failure, never a wait.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Every event with the session that it is of, in order, from one thread.</summary>
    public event Action<string, string, JsonNode>? Told;

    public static async Task<DevTools> ConnectAsync(Uri address)
    {
        var tools = new DevTools();
        await tools._socket.ConnectAsync(address, CancellationToken.None);
        tools._reading = tools.ReadAsync();
        return tools;
    }

    /// <summary>Runs one command, in the browser or in one of its tabs.</summary>
    public async Task<JsonNode> RunAsync(string method, object? parameters = null, string? session = null)
    {
        var id = Interlocked.Increment(ref _last);
        var answer = _asked[id] = new TaskCompletionSource<JsonNode>(TaskCreationOptions.RunContinuationsAsynchronously);
        var command = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = JsonSerializer.SerializeToNode(parameters ?? new object()) };
        if (session is not null)
        {
            command["sessionId"] = session;
        }

        await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(command), WebSocketMessageType.Text, true, CancellationToken.None);
        return await answer.Task.WaitAsync(Limit);
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _reading;
        _socket.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[64 * 1024];
        using var message = new MemoryStream();
        try
        {
            while (true)
            {
                var part = await _socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                message.Write(buffer, 0, part.Count);
                if (part.EndOfMessage)
                {
                    Take(JsonNode.Parse(message.ToArray())!);
                    message.SetLength(0);
                }
            }
        }
        catch (Exception gone) when (gone is WebSocketException or JsonException or OperationCanceledException)
        {
            foreach (var answer in _asked.Values)
            {
                answer.TrySetException(gone);
            }
        }
    }

    private void Take(JsonNode message)
    {
        if (message["id"] is { } id && _asked.TryRemove((int)id, out var answer))
        {
            _ = message["error"] is { } error
                ? answer.TrySetException(new InvalidOperationException($"{error}"))
                : answer.TrySetResult(message["result"]!);
        }
        else if (message["method"] is { } method)
        {
            Told?.Invoke($"{message["sessionId"]}", $"{method}", message["params"]!);
        }
    }
}
