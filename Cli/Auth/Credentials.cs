using System.Text.Json;
using System.Text.Json.Serialization;
using ControlPlane.Config;
using ControlPlane.Files;
using ControlPlane.Output;

namespace ControlPlane.Auth;

/// <summary>One profile's part of the file.</summary>
internal sealed record StoredToken(string Token);

/// <summary>The file's whole content: the default profile's token where it always was, and those of the others by name.</summary>
internal sealed record StoredCredentials(string? Token = null, Dictionary<string, StoredToken>? Profiles = null)
{
    [JsonIgnore]
    public bool IsEmpty => Token is null && Profiles is null or { Count: 0 };

    public string? Of(string profile) => profile == Profile.Default ? Token : Profiles?.GetValueOrDefault(profile)?.Token;

    /// <param name="token">Null takes it out.</param>
    public StoredCredentials With(string profile, string? token)
    {
        if (profile == Profile.Default)
        {
            return this with { Token = token };
        }

        var profiles = new Dictionary<string, StoredToken>(Profiles ?? []);
        profiles.Remove(profile);
        if (token is not null)
        {
            profiles[profile] = new(token);
        }

        return this with { Profiles = profiles.Count == 0 ? null : profiles };
    }
}

/// <summary>The caller's token: <c>ARCHAL_TOKEN</c>, or else what <c>login</c> stored for the profile in the home folder.</summary>
internal sealed class Credentials(ArchalHome home, string profile)
{
    private const string FileName = "credentials.json";

    private string Again => profile == Profile.Default ? "archal login" : $"archal login --profile {profile}";

    /// <exception cref="CommandFailure">There is none, or the one that is there cannot be trusted.</exception>
    public string Token()
    {
        if (ArchalVariables.Read(ArchalVariables.Token) is { } variable)
        {
            return Checked(variable, $"{ArchalVariables.Token} does not hold a token");
        }

        return ReadFile() ?? throw new CommandFailure(
            $"Not logged in{(profile == Profile.Default ? "" : $" in the profile {profile}")}. Run '{Again}' or '{Again} --token -', or set ARCHAL_TOKEN.");
    }

    /// <summary>What <c>login</c> stored, whatever the variable says; null: nothing.</summary>
    /// <exception cref="CommandFailure">What is there cannot be trusted.</exception>
    public string? Stored() => ReadFile();

    /// <summary>Other profiles' tokens stay, also when another process stores one of them at this moment.</summary>
    /// <remarks>A file that makes no sense is replaced: it held nothing that could have been used.</remarks>
    public void Store(string token) => home.Update(FileName, content =>
    {
        StoredCredentials? before;
        try
        {
            before = content is null ? null : Parse(content);
        }
        catch (CommandFailure)
        {
            before = null;
        }

        return Write((before ?? new()).With(profile, token));
    });

    /// <returns>False when there was nothing to forget.</returns>
    public bool Forget()
    {
        var existed = false;
        home.Update(FileName, content =>
        {
            StoredCredentials? before;
            try
            {
                before = content is null ? null : Parse(content);
            }
            catch (CommandFailure) when (profile == Profile.Default)
            {
                // Whatever it holds, it is to be gone.
                existed = true;
                return null;
            }

            existed = before is null ? profile == Profile.Default && File.Exists(Path) : before.Of(profile) is not null;
            return before?.With(profile, null) is { IsEmpty: false } left ? Write(left) : null;
        });
        return existed;
    }

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

        var stored = Parse(content);
        return stored.Of(profile) is { } token ? Checked(token, $"{Path} holds no token. Run '{Again} --token -' again")
            : stored.IsEmpty ? throw new CommandFailure($"{Path} holds no token. Run '{Again} --token -' again.")
            : null;
    }

    private StoredCredentials Parse(byte[] content)
    {
        try
        {
            return JsonSerializer.Deserialize(content, CliJson.Default.StoredCredentials) ?? new();
        }
        catch (JsonException)
        {
            throw new CommandFailure($"{Path} is not JSON. Mend it with: rm {Shell.Quote(Path)} && {Again} --token -");
        }
    }

    private static byte[] Write(StoredCredentials credentials) => JsonSerializer.SerializeToUtf8Bytes(credentials, CliJson.Default.StoredCredentials);
}
