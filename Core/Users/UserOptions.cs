using System.ComponentModel.DataAnnotations;
using ControlPlane.Credentials;

namespace ControlPlane.Users;

/// <summary>What one user may have.</summary>
public sealed class UserOptions
{
    public const string Section = "Users";

    /// <summary>How many good personal tokens a user may have; the record holds their ids, and those of tokens that have ended while there is room. Default: 50.</summary>
    [Range(1, 500)]
    public int MaxTokens { get; set; } = 50;

    /// <summary>How many good logins of devices a user may have; the record holds their ids, and those that have ended leave it. Default: 100.</summary>
    [Range(1, 500)]
    public int MaxLogins { get; set; } = 100;

    /// <summary>How many workspaces a user may make. They are never removed, so it is a bound for good. Default: 20.</summary>
    [Range(0, 500)]
    public int MaxWorkspaces { get; set; } = 20;

    /// <summary>How many good tokens of a kind a user may have.</summary>
    internal int Most(CredentialKind kind) => kind == CredentialKind.Login ? MaxLogins : MaxTokens;
}
