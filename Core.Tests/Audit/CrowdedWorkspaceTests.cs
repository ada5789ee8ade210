using ControlPlane.Errors;
using ControlPlane.Workspaces;

namespace ControlPlane.Audit;

/// <summary>Acts that wait for the audit log and live sessions share the room of a workspace's record.</summary>
public sealed class CrowdedWorkspaceTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly WorkspaceOptions Options = new() { MaxLiveSessions = 4_000 };
    private static readonly AuditEvent Act = new("1", "ws", Noon, "user:u", AuditAction.ApiKeyCreate, "k", null, null);

    [Theory]
    [InlineData(WorkspaceState.Crowded, Audited.MostWaiting)]
    [InlineData(WorkspaceState.Crowded + 1, WorkspaceState.MostToAuditWhenCrowded)]
    public void So_many_acts_wait_and_the_next_is_refused(int live, int most)
    {
        Assert.Equal(most, Workspace(live, most - 1).By(Act).ToAudit!.Count);
        Assert.Equal(ErrorCode.ControlPlaneUnavailable, Assert.Throws<ControlPlaneException>(() => Workspace(live, most).By(Act)).Code);
    }

    [Theory]
    [InlineData(WorkspaceState.Crowded - 1, Audited.MostWaiting, true)]
    [InlineData(WorkspaceState.Crowded, WorkspaceState.MostToAuditWhenCrowded, true)]
    [InlineData(WorkspaceState.Crowded, WorkspaceState.MostToAuditWhenCrowded + 1, false)]
    public void A_session_takes_no_room_that_acts_have(int live, int acts, bool isLetIn)
    {
        var decided = Reservations.Decide(Workspace(live, acts), "ws", "one more", Options, Noon);

        Assert.Equal(isLetIn ? null : ErrorCode.ControlPlaneUnavailable, decided.Answer?.Code);
    }

    private static WorkspaceState Workspace(int live, int acts) => WorkspaceState.From(new NewWorkspace("n", "u", Noon)) with
    {
        Live = [.. Enumerable.Range(0, live).Select(number => $"ses-{number}")], ToAudit = [.. Enumerable.Repeat(Act, acts)],
    };
}
