using System.Globalization;
using ControlPlane.Hosting;
using ControlPlane.Storage;

namespace ControlPlane.Operations;

/// <summary>Puts a backup in the place of what a data directory holds, and says what that means.</summary>
internal static class Restore
{
    /// <exception cref="StartException">The directory is in use, or the file is no backup that this program can read. Nothing was changed.</exception>
    public static void Run(string file, string directory, DateTimeOffset now, TextWriter output)
    {
        if (!File.Exists(file))
        {
            throw new StartException($"There is no file {file}.");
        }

        // Held until all is done: neither the process that was to be stopped nor another restore can begin meanwhile.
        using var data = DataDirectory.Open(directory);
        var contents = BackupFile.Check(file);
        var replaced = Replacement.Put(file, data.Database, contents.Moment, now);

        var moment = contents.Moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        output.WriteLine($"""
            Restored {data.Path} from a backup of {moment}.
              read and checked      {Count(contents, EntityKinds.Workspace)} workspaces, {Count(contents, EntityKinds.Credential)} keys and tokens, {Count(contents, EntityKinds.Session)} sessions
              revoked since         {Revoked(replaced, moment)}
              members, roles        as of then: whoever was removed since is a member again, a lowered role is high again: archal member list
              invitations           as of then: one that was withdrawn or used since lets somebody in again: archal member invitations
              rotated since         the secret of then is good again, the one since is unknown: archal workspace api-key rotate KEY --grace 0
              made since            gone: keys made after {moment} are unknown, sessions started after it are stopped
              sessions in it        run on if this machine's worker still holds their clones, else fail and say so, at the next start
              replaced database     {replaced.Aside ?? "there was none"}
            """);
        if (!File.Exists(data.OwnerToken))
        {
            output.WriteLine("The owner's token is not part of a backup, and there is none here: use the one that you have.");
        }
    }

    private static string Revoked(Replaced replaced, string moment) => replaced switch
    {
        { KeptRevoked: { } kept } => string.Create(CultureInfo.InvariantCulture, $"{kept} keys and tokens, which stay revoked: the replaced database knew them"),
        { Aside: not null } => $"UNKNOWN: the replaced database cannot be read. What was revoked after {moment} is good again: revoke it again",
        _ => $"UNKNOWN: there was no database here. What was revoked after {moment} is good again: revoke it again",
    };

    private static int Count(BackupContents contents, string kind) => contents.Records.GetValueOrDefault(kind);
}
