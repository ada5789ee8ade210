using ControlPlane.Hosting;

namespace ControlPlane.Workspaces;

/// <summary>What the product is for: when DELETE has answered, the key is dead everywhere.</summary>
public abstract class RevocationTests(ManagementHost host)
{
    private const string Keys = "/api/workspaces/ws-main/api-keys";

    [Fact]
    public async Task Revoking_again_answers_the_same()
    {
        var (id, token) = await host.KeyAsync();
        (await host.As(token).GetAsync("/auth/me")).Must(200);

        var first = (await host.As(host.Owner).DeleteAsync($"{Keys}/{id}")).Must(204);
        var second = (await host.As(host.Admin).DeleteAsync($"{Keys}/{id}")).Must(204);

        Assert.Equal(first.Headers["x-archal-revocation"].Split(", ms=")[0], second.Headers["x-archal-revocation"].Split(", ms=")[0]);
    }

    [Fact]
    public async Task After_DELETE_has_answered_nothing_is_admitted()
    {
        // Callers without a pause, on their own connections; what counts is whether a request began after the answer was there.
        for (var round = 0; round < 5; round++)
        {
            var (id, token) = await host.KeyAsync();
            var answered = 0;
            var begun = new TaskCompletionSource();
            var callers = Enumerable.Range(0, 8).Select(async _ =>
            {
                for (var at = 0; at < 1_000; at++)
                {
                    var after = Volatile.Read(ref answered) == 1;
                    var answer = await host.As(token).GetAsync("/auth/me");
                    begun.TrySetResult();
                    if (after)
                    {
                        answer.MustRefuse(401, "credential_invalid");
                        return;
                    }

                    Assert.True(answer.Status is 200 or 401, answer.Text);
                }
            }).ToList();

            await begun.Task;
            (await host.As(host.Owner).DeleteAsync($"{Keys}/{id}")).Must(204);
            Volatile.Write(ref answered, 1);
            await Task.WhenAll(callers);
        }
    }

    [Fact]
    public async Task A_request_that_is_cut_while_it_runs_answers_401()
    {
        var (id, token) = await host.KeyAsync();
        (await host.As(token).GetAsync("/auth/me")).Must(200);
        var reached = new TaskCompletionSource();
        var held = new TaskCompletionSource();
        host.Storage.Before = entity =>
        {
            if (entity.Key != "sessions/ws-main")
            {
                return Task.CompletedTask;
            }

            reached.TrySetResult();
            return held.Task;
        };
        try
        {
            var running = host.As(token).GetAsync("/api/sessions");
            await reached.Task;

            (await host.As(host.Owner).DeleteAsync($"{Keys}/{id}")).Must(204);

            (await running).MustRefuse(401, "credential_invalid");
        }
        finally
        {
            host.Storage.Before = null;
            held.SetResult();
        }
    }
}

public sealed class RevocationOnHeldFacts(HoldingHost host) : RevocationTests(host), IClassFixture<HoldingHost>;

public sealed class RevocationAskingEachTime(AskingHost host) : RevocationTests(host), IClassFixture<AskingHost>;
