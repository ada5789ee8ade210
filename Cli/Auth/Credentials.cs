using System.Text.Json;
using ControlPlane.Files;
using ControlPlane.Output;

namespace ControlPlane.Auth;

/// <summary>The file's whole content.</summary>
internal sealed record StoredCredentials(string Token);

/// <summary>The caller's token: <c>ARCHAL_TOKEN</c>, or else what <c>login</c> stored in the home folder.</summary>
internal sealed class Credentials(ArchalHome home)
{
    private const string FileName = "credentials.json";

    /// <exception cref="CommandFailure">There is none, or the one that is there cannot be trusted.</exception>
    public string Token()
    {
        if (ArchalVariables.Read(ArchalVariables.Token) is { } variable)
        {
            return Checked(variable, $"{ArchalVariables.Token} does not hold a token");
        }

        return ReadFile() ?? throw new CommandFailure("Not logged in. Run 'archal login --token -', or set ARCHAL_TOKEN.");
    }

    /// <summary>What <c>login</c> stored, whatever the variable says; null: nothing.</summary>
    /// <exception cref="CommandFailure">What is there cannot be trusted.</exception>
    public string? Stored() => ReadFile();

    public void Store(string token) =>
        home.Write(FileName, JsonSerializer.SerializeToUtf8Bytes(new StoredCredentials(token), CliJson.Default.StoredCredentials));

    /// <returns>False when there was nothing to forget.</returns>
    public bool Forget() => home.Delete(FileName);

    public string Path => home.PathOf(FileName);

    /// <exception cref="CommandFailure">The value has not the shape of a token. The message does not repeat it.</exception>
    public static string Checked(string value, string complaint) =>
        TokenShape.Fits(value)
            ? value
            : throw new CommandFailure($"{complaint}: it should start with archal_ws_, arc_ or archal_login_ and be whole.");

    private string? ReadFile()
    {
        if (home.Read(FileName) is not { } content)
        {
            return null;
        }

        try
        {
            var stored = JsonSerializer.Deserialize(content, CliJson.Default.StoredCredentials);
            return Checked(stored?.Token ?? "", $"{Path} holds no token. Run 'archal login --token -' again");
        }
        catch (JsonException)
        {
            throw new CommandFailure($"{Path} is not JSON. Mend it with: rm {Shell.Quote(Path)} && archal login --token -");
        }
    }
}
