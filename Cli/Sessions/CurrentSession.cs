using System.Text.Json;
using ControlPlane.Config;
using ControlPlane.Files;

namespace ControlPlane.Sessions;

/// <summary>The file's whole content.</summary>
internal sealed record StoredSession(string SessionId);

/// <summary>The session that was started or attached last in a profile, which commands mean when none is named.</summary>
internal sealed class CurrentSession(ArchalHome home, string profile)
{
    private string FileName => profile == Profile.Default ? "session.json" : $"session.{profile}.json";

    /// <exception cref="CommandFailure">There is none.</exception>
    public string Id() =>
        Remembered()
        ?? throw CommandFailure.WrongUse("No session is current. Start one (archal clone start github), attach to one, or name it.");

    public void Remember(string sessionId) =>
        home.Write(FileName, JsonSerializer.SerializeToUtf8Bytes(new StoredSession(sessionId), CliJson.Default.StoredSession));

    /// <summary>Forgets it if it is this one.</summary>
    public void Forget(string sessionId)
    {
        if (string.Equals(Remembered(), sessionId, StringComparison.OrdinalIgnoreCase))
        {
            home.Delete(FileName);
        }
    }

    // A file that makes no sense is as good as none: starting a session writes a new one.
    private string? Remembered()
    {
        try
        {
            return home.Read(FileName) is { } content
                ? JsonSerializer.Deserialize(content, CliJson.Default.StoredSession)?.SessionId
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
