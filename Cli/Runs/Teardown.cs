using System.Net;
using ControlPlane.Output;
using ControlPlane.Server;

namespace ControlPlane.Runs;

/// <summary>What must be taken away when a run is over, however it ended. What fails is told and does not hinder the rest.</summary>
internal sealed class Teardown(ServerClient server)
{
    private readonly List<(string Path, string What, string Remedy)> _things = [];

    /// <param name="remedy">What a person types when this could not be done.</param>
    public void Add(string path, string what, string remedy) => _things.Add((path, what, remedy));

    public Task RunAsync() => Task.WhenAll(_things.Select(thing => TakeAwayAsync(thing.Path, thing.What, thing.Remedy)));

    private async Task TakeAwayAsync(string path, string what, string remedy)
    {
        try
        {
            await server.DeleteAsync(path, CancellationToken.None);
        }
        catch (ServerRefusal gone) when (gone.Status == HttpStatusCode.NotFound)
        {
            // The child did it itself, or time did.
        }
        catch (CommandFailure failure)
        {
            Screen.WriteError($"{what} was left behind: {failure.Message} Then: {remedy}");
        }
    }
}
