using ControlPlane.Audit;
using ControlPlane.Auth;
using ControlPlane.Entities;
using ControlPlane.Errors;
using Microsoft.AspNetCore.Http;

namespace ControlPlane.Logins;

/// <summary>What the page and the command line both do with a user code, once it is known who calls.</summary>
internal sealed class Approving(IEntities entities, LoginLimits limits, TimeProvider time)
{
    private static readonly AuditedAct Act = new(AuditAction.LoginApprove, null, Done: false);

    /// <summary>An approval is an act for the audit log, also one that is refused; who only looks or refuses does nothing.</summary>
    /// <param name="approve">Null: only say who asks.</param>
    /// <exception cref="ControlPlaneException">403: a key calls; 404: nothing waits under this code; 429: too many wrong ones.</exception>
    public Task<DeviceApproval> RunAsync(HttpContext http, string typed, bool? approve, CancellationToken cancellationToken) => approve == true
        ? Audited.RefusedAsync(http, Act, () => DecideAsync(http, typed, approve, cancellationToken))
        : DecideAsync(http, typed, approve, cancellationToken);

    private async Task<DeviceApproval> DecideAsync(HttpContext http, string typed, bool? approve, CancellationToken cancellationToken)
    {
        var caller = Acting.On(http).Caller;
        if (caller.UserId is not { } user)
        {
            throw new ControlPlaneException(ErrorCode.RoleMissing, "A workspace's key cannot let a device in. Use the personal token of a user.");
        }

        using var attempt = limits.BeginTry(http.Connection.RemoteIpAddress, user);
        var login = UserCode.TryRead(typed, out var letters) ? entities.Login(UserCode.Key(letters)) : null;
        var view = login is null ? null : await login.DescribeAsync(cancellationToken);
        if (login is not null && approve is { } decision && await login.DecideAsync(caller, decision, cancellationToken))
        {
            return Answer(decision ? "approved" : "denied", letters, view, caller.WorkspaceId);
        }

        if (view is null || approve is not null)
        {
            attempt.IsWrong = true;
            throw new ControlPlaneException(
                ErrorCode.NotFound, "No login waits under this code. It is mistyped, decided already, or older than ten minutes. Look at the device once more.");
        }

        return Answer("pending", letters, view, caller.WorkspaceId) with { ExpiresIn = (int)Math.Max(0, (view.ExpiresAt - time.GetUtcNow()).TotalSeconds) };
    }

    private static DeviceApproval Answer(string status, string letters, LoginView? view, string workspace) => new()
    {
        Status = status,
        UserCode = UserCode.Shown(letters),
        ClientName = view?.ClientName,
        Address = view?.Address,
        Workspace = workspace,
    };
}
