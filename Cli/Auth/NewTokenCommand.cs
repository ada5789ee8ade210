using ControlPlane.Commands;
using ControlPlane.Output;

namespace ControlPlane.Auth;

/// <summary>Prints a token that no server knows yet: the first owner's, for <c>ARCHAL_BOOTSTRAP_TOKEN</c>.</summary>
internal sealed class NewTokenCommand(TimeProvider time)
    : ArchalCommand("new", "Print a new token for the first owner of a cluster. No server knows it yet.", time, "archal token new > owner.token")
{
    protected override Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        Screen.WriteLine(NewToken.Personal());
        return Task.FromResult(ExitCodes.Good);
    }
}
