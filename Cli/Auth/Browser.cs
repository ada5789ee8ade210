using System.ComponentModel;
using System.Diagnostics;

namespace ControlPlane.Auth;

/// <summary>Shows a page to the person, where there is a desktop to show it on.</summary>
internal static class Browser
{
    /// <summary>Tries, and says nothing when it cannot: the address is on the screen anyway.</summary>
    public static void Open(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || Opener() is not { } opener)
        {
            return;
        }

        try
        {
            // Its own output would be mixed with ours.
            using var started = Process.Start(new ProcessStartInfo(opener, [uri.AbsoluteUri]) { RedirectStandardOutput = true, RedirectStandardError = true });
        }
        catch (Win32Exception)
        {
            // There is none.
        }
    }

    private static string? Opener() => OperatingSystem.IsMacOS() ? "open"
        : OperatingSystem.IsWindows() ? "explorer"
        : ArchalVariables.Read("DISPLAY") is not null || ArchalVariables.Read("WAYLAND_DISPLAY") is not null ? "xdg-open"
        : null;
}
