using System.Net;
using ControlPlane.Behaviour;
using ControlPlane.Credentials;
using ControlPlane.Errors;
using ControlPlane.Hosting;
using ControlPlane.Leases;
using ControlPlane.Sessions;

namespace ControlPlane.Gateways;

/// <summary>What an address has had refused when many wait for one look-up that is slow.</summary>
public sealed class RefusedTokensTests
{
    private const int PerMinute = 20;
    private static readonly IPAddress From = IPAddress.Parse("192.0.2.1");

    [Fact]
    public Task A_thousand_that_wait_for_one_slow_answer_do_not_keep_a_fresh_key_out() => InWorldAsync(async (world, host) =>
    {
        var (fresh, revoked, session) = (await world.KeyAsync(), await world.KeyAsync(), await world.SessionAsync());
        await world.RevokeAsync(revoked);
        var gateway = await host.GatewayAsync();
        var first = Hold(gateway);
        var waiting = Enumerable.Range(0, 1000).Select(_ => gateway.AskNowAsync(revoked.Token, session, from: From)).ToList();

        // Whoever came when the first question was sent already waits for a second, all of them for the same one.
        var second = Hold(gateway);
        first.SetResult();
        await Quiet.WaitAsync();
        second.SetResult();

        Assert.All(await world.UntilAsync(Task.WhenAll(waiting)), request => Assert.Equal(ErrorCode.CredentialInvalid, request.Refused));
        Assert.Null(await gateway.TryAsync(fresh.Token, session, from: From));
        Assert.InRange(await RefusedUntilBlockedAsync(gateway, session), PerMinute - 3, PerMinute - 1);
    });

    [Fact]
    public Task Whoever_hangs_up_before_the_answer_is_counted_all_the_same() => InWorldAsync(async (world, host) =>
    {
        var session = await world.SessionAsync();
        var gateway = await host.GatewayAsync();
        var answer = Hold(gateway);
        using var gone = new CancellationTokenSource();
        var asked = Enumerable.Range(0, PerMinute).Select(_ => gateway.Admission.AdmitAsync(
            new TestRequest(), new CloneAsk(Forged(), session, "github", From), gone.Token).AsTask()).ToList();
        await gone.CancelAsync();
        foreach (var one in asked)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        }

        answer.SetResult();
        await world.PassAsync(TimeSpan.FromMilliseconds(1));

        Assert.Equal(0, await RefusedUntilBlockedAsync(gateway, session));
    });

    /// <summary>Holds every question of a gateway from now on, until this is set.</summary>
    private static TaskCompletionSource Hold(TestGateway gateway)
    {
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        gateway.Link.Before = _ => answer.Task;
        return answer;
    }

    private static async Task<int> RefusedUntilBlockedAsync(TestGateway gateway, string session)
    {
        var refused = 0;
        while (await gateway.TryAsync(Forged(), session, from: From) is ErrorCode.CredentialInvalid)
        {
            refused++;
        }

        return refused;
    }

    private static string Forged() => Token.Create(CredentialKind.WorkspaceKey, Token.NewId());

    private static Task InWorldAsync(Func<World, LocalBehaviourHost, Task> story) => Task.Run(async () =>
    {
        await using var host = new LocalBehaviourHost(new(new LeaseOptions(), new SessionOptions(), new()));
        await story(await World.InAsync(host), host);
    });
}
