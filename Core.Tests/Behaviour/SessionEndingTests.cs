using ControlPlane.Errors;
using ControlPlane.Leases;
using ControlPlane.Sessions;

namespace ControlPlane.Behaviour;

/// <summary>What a request hears whose session is over since its gateway was given the fact.</summary>
public abstract class SessionEndingTests : BehaviourTests
{
    /// <summary>The gateway has not heard of the end yet: a share of the budget is the first that it asks for.</summary>
    [Theory, InlineData(true, false), InlineData(true, true), InlineData(false, false), InlineData(false, true)]
    public Task While_a_share_is_asked_for_it_is_said_to_be_over_and_not_that_its_budget_is_spent(bool reuse, bool fails) => InWorldAsync(reuse, async world =>
    {
        var (key, session) = (await world.KeyAsync(), await world.SessionAsync(rateLimit: 1000));
        var gateway = await world.Host.GatewayAsync();
        var (asked, renewed) = (new TaskCompletionSource(), new TaskCompletionSource());
        gateway.Link.Before = name => name switch
        {
            nameof(ISession.TakeShareAsync) => asked.Task,
            nameof(IGateway.RenewAsync) => renewed.Task,
            _ => Task.CompletedTask,
        };
        var asking = Task.Run(() => gateway.AskNowAsync(key.Token, session));
        await world.PassAsync(TimeSpan.FromMilliseconds(100));

        gateway.IsSilent = true;
        var entity = world.Host.Entities.Session(session);
        var ending = fails ? entity.WorkerLostAsync("w1") : entity.StopAsync(world.Owner);
        await world.PassAsync(TimeSpan.FromMilliseconds(100));
        asked.SetResult();

        Assert.Equal(fails ? ErrorCode.SessionFailed : ErrorCode.SessionEnded, (await world.UntilAsync(asking)).Refused);
        renewed.SetResult();
        await world.UntilAsync(ending);
    });
}
