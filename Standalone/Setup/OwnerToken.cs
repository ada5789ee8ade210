using System.Text;
using ControlPlane.Credentials;

namespace ControlPlane.Setup;

/// <summary>The file with the first owner's token: readable by its owner alone, whole or not there, and never printed.</summary>
internal static class OwnerToken
{
    /// <summary>The token in the file, or a new one that has been written to it durably.</summary>
    /// <exception cref="StartException">The file is there and holds something else, or cannot be written.</exception>
    public static string ReadOrWrite(string path)
    {
        if (File.Exists(path))
        {
            var text = File.ReadAllText(path).Trim();
            return Token.TryParse(text, out var kind, out _) && kind == CredentialKind.Personal
                ? text
                : throw new StartException($"The file {path} holds no token of this service. Move it away to have one made.");
        }

        var token = Token.Create(CredentialKind.Personal, Token.NewId());
        var temporary = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(temporary, options))
        {
            file.Write(Encoding.ASCII.GetBytes(token + "\n"));
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path);
        return token;
    }
}
