using System.ComponentModel;
using System.Diagnostics;
using ControlPlane.Output;

namespace ControlPlane.Runs;

/// <summary>The command of <c>run</c>: on our own input and output, in our own process group.</summary>
internal static class Child
{
    /// <returns>Its exit code, 128 + n when signal n ended it, 127 when it could not be started.</returns>
    public static async Task<int> RunAsync(ProcessStartInfo command, SignalRelay signals)
    {
        using var child = new Process { StartInfo = command };
        try
        {
            child.Start();
        }
        catch (Win32Exception refused)
        {
            Screen.WriteError($"{command.FileName} cannot be started: {new Win32Exception(refused.NativeErrorCode).Message}.");
            return ExitCodes.CannotStart;
        }

        signals.SendTo(child.Id);
        // Not cancelled by anything: a signal ends the child, and the child ends this.
        await child.WaitForExitAsync(CancellationToken.None);
        signals.Finish();
        return child.ExitCode;
    }
}
