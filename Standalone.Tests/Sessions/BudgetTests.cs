using System.Net;
using ControlPlane.Running;

namespace ControlPlane.Sessions;

public sealed class BudgetTests(SharedProgram shared, AskingProgram asking) : IClassFixture<SharedProgram>, IClassFixture<AskingProgram>
{
    private const int Callers = 120;

    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, 50)]
    [InlineData(false, 1)]
    [InlineData(false, 50)]
    public async Task Exactly_as_many_requests_pass_as_were_allowed_however_many_come_at_once(bool reuse, int allowed)
    {
        var program = reuse ? shared.Program : asking.Program;
        var id = await program.StartSessionAsync(rateLimit: allowed);
        using var client = program.Client(program.OwnerToken);

        var answers = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => client.GetAsync($"/runtime/{id}/github/api/user")));

        Assert.Equal(allowed, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.All(
            answers.Where(answer => answer.StatusCode != HttpStatusCode.OK),
            answer => Assert.Equal((HttpStatusCode.TooManyRequests, "request_budget_exhausted"),
                (answer.StatusCode, answer.Headers.GetValues("x-route-error").Single())));
        Assert.Equal(0, (await program.LivenessAsync(id)).GetProperty("requestsLeft").GetInt32());
        Assert.Equal("running", (await program.SessionAsync(id)).Text("status"));
        Array.ForEach(answers, answer => answer.Dispose());
    }

    [Fact]
    public async Task Whoever_goes_on_asking_when_it_is_spent_leaves_no_line_in_the_log()
    {
        var id = await shared.Program.StartSessionAsync(rateLimit: 1);
        using var client = shared.Program.Client(shared.Program.OwnerToken);
        for (var asked = 0; asked <= 100; asked++)
        {
            using var answer = await client.GetAsync($"/runtime/{id}/github/api/user");
            Assert.Equal(asked == 0 ? HttpStatusCode.OK : HttpStatusCode.TooManyRequests, answer.StatusCode);
        }

        // What is refused for another reason is logged, after all that came before it.
        using var nobody = shared.Program.Client();
        using var other = await nobody.GetAsync($"/runtime/{id}/github/api/user");
        await shared.Program.LoggedAsync(other.Headers.GetValues("x-archal-request-id").Single());
        Assert.DoesNotContain("request_budget_exhausted", shared.Program.Log, StringComparison.Ordinal);
    }
}
