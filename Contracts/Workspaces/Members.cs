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
/// <param name="Email">As the user was invited; absent where it is not told or not known.</param>
public sealed record Member(string Id, string Role, string? Email = null);

/// <summary>The members of a workspace, owners first.</summary>
public sealed record MemberList(IReadOnlyList<Member> Members);

/// <summary>The body of <c>POST /api/workspaces</c> and <c>PATCH /api/workspaces/{ws}</c>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NameWorkspaceRequest
{
    /// <summary>1 to 100 characters.</summary>
    public string? Name { get; init; }
}
