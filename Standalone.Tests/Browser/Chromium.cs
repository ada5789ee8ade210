using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ControlPlane.Browser;

/// <summary>Debian's browser without a window, with a profile of its own, driven over its DevTools protocol.</summary>
public sealed partial class Chromium : IAsyncLifetime
{
    private readonly DirectoryInfo _profile = Directory.CreateTempSubdirectory("control-plane-");
    private Process? _process;
    private DevTools? _tools;
    private Task _saying = Task.CompletedTask;

    public async Task InitializeAsync()
    {
        // It opens pages of ours alone, and its sandbox needs rights that a container seldom gives.
        _process = Process.Start(new ProcessStartInfo("chromium",
        [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--no-proxy-server", "--remote-debugging-port=0", $"--user-data-dir={_profile.FullName}", "about:blank",
        ]) { RedirectStandardError = true, RedirectStandardOutput = true }) ?? throw new InvalidOperationException("chromium did not start.");
        using var limit = new CancellationTokenSource(DevTools.Limit);
        while (await _process.StandardError.ReadLineAsync(limit.Token) is { } line)
        {
            if (Address().Match(line) is { Success: true } address)
            {
                // Whatever else it says must not stop it.
                _saying = Task.WhenAll(_process.StandardOutput.ReadToEndAsync(CancellationToken.None), _process.StandardError.ReadToEndAsync(CancellationToken.None));
                _tools = await DevTools.ConnectAsync(new Uri(address.Value));
                return;
            }
        }

        throw new InvalidOperationException("chromium ended before it could be driven.");
    }

    /// <summary>A new tab of a window of its own, with nothing of another one's.</summary>
    internal async Task<BrowserPage> OpenAsync() => await BrowserPage.OpenAsync(_tools!);

    public async Task DisposeAsync()
    {
        await (_tools?.DisposeAsync() ?? ValueTask.CompletedTask);
        if (_process is { } process)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            await _saying;
            process.Dispose();
        }

        _profile.Delete(recursive: true);
    }

    [GeneratedRegex(@"ws://\S+")]
    private static partial Regex Address();
}
