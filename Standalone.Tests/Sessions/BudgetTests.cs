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
}
