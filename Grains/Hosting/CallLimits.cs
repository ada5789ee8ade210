using System.Reflection;
using ControlPlane.AgentTraces;
using ControlPlane.Credentials;
using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.Events;
using ControlPlane.Leases;
using ControlPlane.Logins;
using ControlPlane.Sessions;
using Microsoft.Extensions.Options;
using ErrorCode = ControlPlane.Errors.ErrorCode;

namespace ControlPlane.Hosting;

/// <summary>
/// How long each call to an entity waits, in one place, and what its caller is told when the engine has no answer. The interfaces are Core's
/// and have no attributes of the engine; its own time-out stands behind these.
/// </summary>
public sealed class CallLimits(IOptions<FailoverOptions> failover, IOptions<LeaseOptions> leases) : IOutgoingGrainCallFilter
{
    private readonly FailoverOptions _failover = failover.Value;
    private readonly LeaseOptions _leases = leases.Value;

    /// <summary>The engine's own time-out: behind the longest limit here.</summary>
    public static TimeSpan Longest(FailoverOptions failover, LeaseOptions leases) => (leases.DurationWithDrift * 2) + failover.Call;

    /// <summary>How long most calls wait.</summary>
    internal TimeSpan Call => _failover.Call;

    /// <summary>How long a call is silent before it is sent once more: a silo that lives has answered nearly all by then.</summary>
    internal static TimeSpan AskedAgainAfter { get; } = TimeSpan.FromSeconds(1);

    /// <summary>When a call is sent again: not what adds up, and what waits for something, carries much or is told as an event only when it is known to be lost.</summary>
    internal static Again AskedAgain(MethodInfo method) => method.Name switch
    {
        nameof(ISession.ReportUseAsync) when method.DeclaringType == typeof(ISession) => Again.Never,
        _ when method.DeclaringType == typeof(ILogin) => Again.Never,
        nameof(ISessionEvents.ReadAsync) when method.DeclaringType == typeof(ISessionEvents) => Again.WhenLost,
        nameof(ISession.SetCloneAsync) or nameof(ISession.CloneStateAsync) => Again.WhenLost,

        // Each attempt is one more event of its session.
        nameof(ISession.RenewAsync) or nameof(ISession.SetFaultsAsync) when method.DeclaringType == typeof(ISession) => Again.WhenLost,

        // It answers how many there were.
        nameof(ITraceIndex.RemoveAsync) when method.DeclaringType == typeof(ITraceIndex) => Again.WhenLost,

        // A second one could arrive behind the entity's next.
        nameof(IAlarmGrain.SetAsync) when method.DeclaringType == typeof(IAlarmGrain) => Again.WhenLost,
        _ => Again.WhenSilent,
    };

    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        // The engine names the interface that declares the method: for entities Core's, not the grain interface that inherits it.
        if (!IsOurs(context.Request.GetInterfaceType()))
        {
            await context.Invoke();
            return;
        }

        try
        {
            await context.Invoke().WaitAsync(Limit(context.Request.GetInterfaceType(), context.InterfaceMethod), TimeProvider.System);
        }
        catch (Exception problem) when (problem is TimeoutException || problem.GetType().Namespace?.StartsWith("Orleans", StringComparison.Ordinal) == true)
        {
            // Whether it happened is not known: every command may be repeated, and answers what it answered.
            throw new ControlPlaneException(
                new Refusal(
                    ErrorCode.ControlPlaneUnavailable, "The control plane did not answer in time. What was asked may have been done; asking again is harmless.",
                    TimeSpan.FromSeconds(1)),
                new LostCallException(problem));
        }
    }

    private static bool IsOurs(Type called) => called.Assembly == typeof(IGateway).Assembly || called.Assembly == typeof(CallLimits).Assembly;

    /// <summary>What takes something away answers when it is true everywhere, at the latest after one lease. It is known by its answer: who was told.</summary>
    internal TimeSpan Limit(Type called, MethodInfo method) => method.Name switch
    {
        _ when method.ReturnType == typeof(Task<RecallReport>) || method.ReturnType == typeof(Task<KeyRotation>) => Longest(_failover, _leases),

        // As much as 32 MiB is on its way to a disk or from it.
        nameof(ISession.SetCloneAsync) or nameof(ISession.CloneStateAsync) => Longest(_failover, _leases),
        nameof(IGateway.RecallAsync) or nameof(IGateway.EvictAsync) when called == typeof(IGateway) => Longest(_failover, _leases),
        nameof(ISessionEvents.ReadAsync) when called == typeof(ISessionEvents) => SessionEvents.LongestWait + _failover.Call,
        _ when called == typeof(IGateway) => _failover.LeaseCall,
        _ => _failover.Call,
    };
}

/// <summary>
/// The cause of a refusal that the engine and no entity gave. A cause stays in its process, but within a silo one of an entity's own arrives too.
/// </summary>
internal sealed class LostCallException(Exception problem) : Exception("The engine has no answer to the call.", problem);

/// <summary>When a call to an entity is sent once more.</summary>
internal enum Again
{
    Never,

    /// <summary>Its silo could not be reached, or has gone with it.</summary>
    WhenLost,

    /// <summary>Also while it may still be running.</summary>
    WhenSilent,
}
