using ControlPlane.Output;

namespace ControlPlane.Server;

/// <summary>As JSON: something is gone, or less, everywhere.</summary>
internal sealed record TakenAway(string Id, RevocationReport? Revocation)
{
    /// <summary>Shows it, as a line or as JSON.</summary>
    /// <param name="done">What was done to it, such as <c>Revoked</c>.</param>
    /// <returns>The command's exit code.</returns>
    public int Show(string done, bool asJson)
    {
        if (asJson)
        {
            Screen.WriteJson(this, CliJson.Default.TakenAway);
        }
        else
        {
            Screen.WriteLine($"{done} {Id}{(Revocation is null ? "" : $" ({Revocation})")}.");
        }

        return ExitCodes.Good;
    }
}
