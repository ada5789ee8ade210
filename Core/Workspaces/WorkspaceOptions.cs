using System.ComponentModel.DataAnnotations;

namespace ControlPlane.Workspaces;

/// <summary>What one workspace may use.</summary>
public sealed class WorkspaceOptions
{
    public const string Section = "Workspaces";

    /// <summary>
    /// How many sessions may be live at once. Their ids are in the workspace's record, so that a place is never given twice: more makes
    /// each start dearer. Default: 1 000.
    /// </summary>
    [Range(1, 4_000)]
    public int MaxLiveSessions { get; set; } = 1_000;

    /// <summary>How many sessions may be started within any minute. Default: 600.</summary>
    [Range(1, 100_000)]
    public int SessionsPerMinute { get; set; } = 600;

    /// <summary>How many good keys a workspace may have; the record holds their ids, and those of keys that have ended while there is room. Default: 500.</summary>
    [Range(1, 500)]
    public int MaxKeys { get; set; } = 500;

    /// <summary>How many members a workspace may have; the record holds them all, and whoever asks for one reads it. Default: 500.</summary>
    [Range(1, 500)]
    public int MaxMembers { get; set; } = 500;

    /// <summary>How many invitations of a workspace may be open at once; the record holds them until a day after they expired. Default: 100.</summary>
    [Range(1, 100)]
    public int MaxInvitations { get; set; } = 100;
}
