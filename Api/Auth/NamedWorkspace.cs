using ControlPlane.Authorization;
using ControlPlane.Errors;
using ControlPlane.Headers;
using Microsoft.AspNetCore.Http;

namespace ControlPlane.Auth;

/// <summary>
/// The workspace that a request names: in its path, else in <c>x-archal-workspace-id</c>. What is wrong with the name is told only to
/// whoever has shown a credential that stands.
/// </summary>
/// <param name="Id">The workspace to act in; null: the credential's own.</param>
/// <param name="Header">What the header says; null when it is absent.</param>
internal readonly record struct NamedWorkspace(string? Id, string? Header, ControlPlaneException? Fault)
{
    /// <summary>The name of the path's parameter.</summary>
    public const string RouteValue = "workspaceId";

    /// <summary>No workspace's id is longer; what is longer is not asked for.</summary>
    private const int Longest = 64;

    public static NamedWorkspace Read(HttpContext http)
    {
        var values = http.Request.Headers[HeaderNames.WorkspaceId];
        var header = values.Count == 0 ? null : values.ToString();
        if (header is { Length: 0 or > Longest } || header?.Contains(',') == true)
        {
            return new NamedWorkspace(null, header, Invalid.At(HeaderNames.WorkspaceId, "name one workspace by its id."));
        }

        return http.Request.RouteValues[RouteValue] is not string path ? new NamedWorkspace(header, header, null)
            : path.Length > Longest ? new NamedWorkspace(null, header, new ControlPlaneException(ErrorCode.NotFound, "No workspace has such an id."))
            : new NamedWorkspace(path, header, null);
    }

    /// <summary>Checks what is left to check once it is known who calls.</summary>
    /// <exception cref="ControlPlaneException">400, 403 or 404.</exception>
    public void Check(Caller caller)
    {
        if (Fault is { } fault)
        {
            throw fault;
        }

        if (Header is { } header && header != caller.WorkspaceId)
        {
            // Path and header name two. To a key its own workspace is one of them at most.
            throw caller.UserId is null
                ? new ControlPlaneException(
                    ErrorCode.WorkspaceKeyScopeMismatch, $"The key belongs to another workspace than the one that {HeaderNames.WorkspaceId} names.")
                : Invalid.At(HeaderNames.WorkspaceId, "it names another workspace than the path.");
        }
    }
}
