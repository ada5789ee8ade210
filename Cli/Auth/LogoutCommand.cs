using ControlPlane.Commands;
using ControlPlane.Output;

namespace ControlPlane.Auth;

/// <summary>Forgets the stored token. The token itself stays good: it may be in use elsewhere.</summary>
internal sealed class LogoutCommand(TimeProvider time)
    : ArchalCommand("logout", "Forget the stored token. The token itself is not revoked.", time, "archal logout")
{
    protected override Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        Screen.WriteLine(invocation.Credentials.Forget() ? "Logged out." : "Not logged in.");
        if (ArchalVariables.Read(ArchalVariables.Token) is not null)
        {
            Screen.WriteRemark("ARCHAL_TOKEN is still set and still used.");
        }

        return Task.FromResult(ExitCodes.Good);
    }
}
