using System.Text.Json.Serialization;

namespace ControlPlane.Workspaces;

/// <summary>The body of <c>PATCH /api/workspaces/{ws}/members/{user}</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ChangeMemberRequest
{
    /// <summary><c>owner</c>, <c>admin</c> or <c>member</c>.</summary>
    public string? Role { get; init; }
}

/// <summary>A member of a workspace.</summary>
/// <param name="Id">The user's.</param>
public sealed record Member(string Id, string Role);
