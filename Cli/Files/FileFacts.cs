using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace ControlPlane.Files;

/// <summary>What decides whether a path may be trusted: what it is, who owns it and who may do what.</summary>
[UnsupportedOSPlatform("windows")]
internal readonly partial record struct FileFacts(bool IsLink, bool IsOurs, UnixFileMode Mode)
{
    private const int AtWorkingFolder = -100;
    private const int NoFollow = 0x100;
    private const uint BasicFields = 0x7ff;
    private const int NoSuchFile = 2;
    private const int NotAFolder = 20;
    private const int TypeMask = 0xf000;
    private const int LinkType = 0xa000;
    private const int PermissionMask = 0xfff;

    /// <returns>Null when nothing is there.</returns>
    public static FileFacts? Of(string path, bool followLinks) =>
        OperatingSystem.IsLinux() ? FromKernel(path, followLinks) : FromRuntime(path, followLinks);

    // .NET tells a file's mode but not its owner. statx has one layout on every Linux, unlike stat.
    private static FileFacts? FromKernel(string path, bool followLinks)
    {
        Span<byte> facts = stackalloc byte[256];
        if (Statx(AtWorkingFolder, path, followLinks ? 0 : NoFollow, BasicFields, facts) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            return error is NoSuchFile or NotAFolder
                ? null
                : throw new CommandFailure($"{path} cannot be examined: {Marshal.GetPInvokeErrorMessage(error)}.");
        }

        var owner = BinaryPrimitives.ReadUInt32LittleEndian(facts[20..]);
        var mode = BinaryPrimitives.ReadUInt16LittleEndian(facts[28..]);
        return new((mode & TypeMask) == LinkType, owner == EffectiveUser(), (UnixFileMode)(mode & PermissionMask));
    }

    // Elsewhere the owner shows in who may set the mode: nobody else may, but root, who can read everything anyway.
    private static FileFacts? FromRuntime(string path, bool followLinks)
    {
        var file = new FileInfo(path);
        if (!followLinks && file.LinkTarget is not null)
        {
            return new(IsLink: true, IsOurs: true, UnixFileMode.None);
        }

        if (!file.Exists && !Directory.Exists(path))
        {
            return null;
        }

        var mode = File.GetUnixFileMode(path);
        try
        {
            File.SetUnixFileMode(path, mode);
            return new(IsLink: false, IsOurs: true, mode);
        }
        catch (UnauthorizedAccessException)
        {
            return new(IsLink: false, IsOurs: false, mode);
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, Span<byte> facts);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}
