using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ControlPlane.Browser;

/// <summary>One tab, used as a person does: what is there is looked at, pressed and typed into.</summary>
internal sealed class BrowserPage
{
    private readonly DevTools _tools;
    private readonly string _context;
    private readonly string _session;
    private TaskCompletionSource _loaded = new();

    private BrowserPage(DevTools tools, string context, string session) => (_tools, _context, _session) = (tools, context, session);

    /// <summary>Every address that something was asked of.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    /// <summary>What the browser complained about, such as a style that the page's policy does not allow.</summary>
    public ConcurrentQueue<string> Complaints { get; } = [];

    public static async Task<BrowserPage> OpenAsync(DevTools tools)
    {
        var context = $"{(await tools.RunAsync("Target.createBrowserContext"))["browserContextId"]}";
        var target = await tools.RunAsync("Target.createTarget", new { url = "about:blank", browserContextId = context });
        var attached = await tools.RunAsync("Target.attachToTarget", new { targetId = $"{target["targetId"]}", flatten = true });
        var page = new BrowserPage(tools, context, $"{attached["sessionId"]}");
        tools.Told += page.Take;
        foreach (var domain in (string[])["Page", "Network", "Log"])
        {
            await page.RunAsync($"{domain}.enable");
        }

        // That the empty page is shown must not be taken for the first that is gone to.
        await page.ReadAsync("new Promise(done => document.readyState === 'complete' ? done() : addEventListener('load', () => setTimeout(done)))");
        return page;
    }

    /// <summary>Goes to an address and waits until it is shown.</summary>
    public Task GoAsync(string url) => LoadedAfterAsync(() => RunAsync("Page.navigate", new { url }));

    /// <summary>Presses what a selector finds, with the mouse, and waits for the page that follows.</summary>
    public Task PressAsync(string selector) => LoadedAfterAsync(() => ClickAsync(selector));

    /// <summary>Types into a field that is pressed first; what was in it is replaced.</summary>
    public async Task TypeAsync(string selector, string text)
    {
        await ClickAsync(selector);
        await ReadAsync($"document.querySelector({Quoted(selector)}).select()");
        await RunAsync("Input.insertText", new { text });
    }

    /// <summary>The value of an expression, as text; "null" when there is none.</summary>
    public async Task<string> ReadAsync(string expression)
    {
        var answer = await RunAsync("Runtime.evaluate", new { expression, returnByValue = true, awaitPromise = true });
        Assert.True(answer["exceptionDetails"] is null, $"{expression}: {answer["exceptionDetails"]}");
        return answer["result"]!["value"] is { } value ? $"{value}" : "null";
    }

    /// <summary>All that a person can read on it.</summary>
    public Task<string> TextAsync() => ReadAsync("document.body.innerText");

    /// <summary>How many cookies it was given, also those that no script can see.</summary>
    public async Task<int> CookiesAsync() =>
        (await _tools.RunAsync("Storage.getCookies", new { browserContextId = _context }))["cookies"]!.AsArray().Count;

    /// <summary>In the middle of it, where it must be visible and nothing may lie over it.</summary>
    private async Task ClickAsync(string selector)
    {
        var found = await ReadAsync($$"""
            (() => { const it = document.querySelector({{Quoted(selector)}}); it.scrollIntoView({ block: 'center' }); const box = it.getBoundingClientRect(), x = box.x + box.width / 2, y = box.y + box.height / 2;
              return document.elementFromPoint(x, y) === it ? x + ' ' + y : 'covered'; })()
            """);
        Assert.NotEqual("covered", found);
        var (x, y) = found.Split(' ') is [var left, var top] ? (Number(left), Number(top)) : throw new InvalidOperationException(found);
        foreach (var type in (string[])["mousePressed", "mouseReleased"])
        {
            await RunAsync("Input.dispatchMouseEvent", new { type, x, y, button = "left", clickCount = 1 });
        }
    }

    private async Task LoadedAfterAsync(Func<Task> act)
    {
        var loaded = _loaded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await act();
        await loaded.Task.WaitAsync(DevTools.Limit);
    }

    private Task<JsonNode> RunAsync(string method, object? parameters = null) => _tools.RunAsync(method, parameters, _session);

    private void Take(string session, string told, JsonNode about)
    {
        if (session != _session)
        {
            return;
        }

        switch (told)
        {
            case "Page.loadEventFired":
                _loaded.TrySetResult();
                break;
            case "Network.requestWillBeSent":
                Asked.Enqueue($"{about["request"]!["url"]}");
                break;
            case "Log.entryAdded" when $"{about["entry"]!["source"]}" != "network": // A status from 400 on is none.
                Complaints.Enqueue($"{about["entry"]}");
                break;
        }
    }

    private static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static string Quoted(string text) => JsonSerializer.Serialize(text);
}
