using System.CommandLine;

namespace ControlPlane.Commands;

/// <summary>A command that does something, and whose help shows how it is called.</summary>
internal abstract class ArchalCommand : Command
{
    protected ArchalCommand(string name, string description, TimeProvider time, params string[] examples)
        : base(name, description)
    {
        Examples = examples;
        SetAction(async (parsed, cancellationToken) =>
        {
            using var invocation = new Invocation(parsed, time);
            return await RunAsync(invocation, cancellationToken);
        });
    }

    public IReadOnlyList<string> Examples { get; }

    /// <returns>The program's exit code.</returns>
    /// <exception cref="CommandFailure">What the caller should be told instead.</exception>
    protected abstract Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken);
}
