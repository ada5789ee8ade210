using ControlPlane.Credentials;
using ControlPlane.Leases;
using ControlPlane.Sessions;
using Microsoft.Extensions.Options;

namespace ControlPlane.Hosting;

/// <summary>How long a call to an entity may take before its caller is told to ask again.</summary>
public sealed class CallLimitsTests
{
    private static readonly FailoverOptions Failover = new();
    private static readonly LeaseOptions Leases = new();
    private static readonly CallLimits Limits = new(Options.Create(Failover), Options.Create(Leases));

    [Fact]
    public void Whatever_takes_something_away_may_take_a_lease_and_nothing_else_of_credentials_and_workspaces_does()
    {
        var methods = typeof(ICredential).Assembly.GetTypes().Where(type => type is { IsInterface: true, IsPublic: true })
            .SelectMany(type => type.GetMethods().Select(method => (Type: type, Method: method))).ToList();
        var longest = methods.Where(one => Limits.Limit(one.Type, one.Method) == CallLimits.Longest(Failover, Leases)).Select(one => $"{one.Type.Name}.{one.Method.Name}");

        Assert.Equal(
            [
                "ICredential.EndAsync", "ICredential.RevokeAsync", "ICredential.RevokeOwnAsync", "ICredential.RotateAsync",
                "IGateway.EvictAsync", "IGateway.RecallAsync",
                "ISession.CloneStateAsync", "ISession.SetCloneAsync", "ISession.StopAsync",
                "IWorker.CloneStateAsync", "IWorker.SetCloneAsync",
                "IWorkspace.RemoveMemberAsync", "IWorkspace.SetMemberAsync",
            ],
            longest.Order(StringComparer.Ordinal));
    }

    /// <summary>One that is sent again while it runs is two: each attempt is an event of its own, and each has its own moment.</summary>
    [Fact]
    public void What_each_attempt_would_tell_anew_is_not_sent_again_for_its_silence()
    {
        var sent = typeof(ISession).GetMethods().ToLookup(CallLimits.AskedAgain, method => method.Name);

        Assert.Equal(["CloneStateAsync", "RenewAsync", "SetCloneAsync", "SetFaultsAsync"], sent[Again.WhenLost].Order(StringComparer.Ordinal));
        Assert.Equal(["ReportUseAsync"], sent[Again.Never]);
    }

    [Fact]
    public void A_lease_is_asked_for_within_a_second() =>
        Assert.Equal(Failover.LeaseCall, Limits.Limit(typeof(IGateway), typeof(IGateway).GetMethod(nameof(IGateway.RenewAsync))!));
}
