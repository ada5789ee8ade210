using ControlPlane.Errors;
using ControlPlane.Sessions;

namespace ControlPlane.Hosting;

/// <summary>A team that grows: thousands of sessions while silos come and go.</summary>
public sealed class ScaleOutTests
{
    private const int Teams = 10;
    private const int SessionsOfATeam = 1000;

    [Fact]
    public async Task Ten_thousand_sessions_are_made_and_served_while_silos_are_added_and_removed()
    {
        await using var cluster = await TestCluster.StartAsync(settings: ("Workspaces:SessionsPerMinute", "100000"));
        var teams = await Task.WhenAll(Enumerable.Range(0, Teams).Select(_ => Team.InAsync(cluster.Entities)));
        var keys = await Task.WhenAll(teams.Select(team => team.KeyAsync()));
        var gateway = await cluster.GatewayAsync();
        var held = await teams[0].SessionAsync();
        var running = await TestCall.AskAsync(gateway, keys[0].Token, held);
        var made = new List<(int Team, string Session)> { (0, held) };
        var wanted = Enumerable.Range(1, (Teams * SessionsOfATeam) - 1).Select(number => (Team: number % Teams, Session: SessionId.New())).ToList();

        var quarter = wanted.Count / 4;
        Func<Task>[] changes =
        [
            () => cluster.Engine.StartAdditionalSiloAsync(),
            () => cluster.Engine.StopSiloAsync(cluster.Engine.Silos[0]),
            () => cluster.Engine.StartAdditionalSiloAsync(),
            () => cluster.Engine.StopSiloAsync(cluster.Engine.Silos[0]),
        ];
        for (var part = 0; part < changes.Length; part++)
        {
            var change = changes[part]();
            await Parallel.ForEachAsync(
                wanted.Skip(part * quarter).Take(part == changes.Length - 1 ? wanted.Count : quarter),
                new ParallelOptions { MaxDegreeOfParallelism = 32 },
                async (next, _) =>
                {
                    var view = await Until.AnsweredAsync(() => cluster.Entities.Session(next.Session).CreateAsync(teams[next.Team].Owner, Team.New()));
                    Assert.Equal(SessionStatus.Running, view.Status);
                    Assert.Null((await TestCall.AskAsync(gateway, keys[0].Token, held)).Verdict.Refusal);
                });
            await change;
        }

        // What was made once is there once: at its worker, in its list, and for its callers.
        made.AddRange(wanted);
        Assert.Equal(made.Select(row => row.Session).Order(), cluster.Ports.Running.Select(row => row.Session).Order());
        foreach (var team in teams)
        {
            var page = await Until.AnsweredAsync(() => cluster.Entities.Sessions(team.Id).PageAsync(new SessionQuery([], null, null, 2 * SessionsOfATeam, null)));
            Assert.Equal(SessionsOfATeam, page.SessionIds.Count);
        }

        await Parallel.ForEachAsync(made, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (row, _) => await Until.AnsweredAsync(async () =>
            (await TestCall.AskAsync(gateway, keys[row.Team].Token, row.Session)).Verdict.Refusal is { } no ? throw new ControlPlaneException(no) : true));
        Assert.True(running.MayPass(1), "a stream that began before it all runs on");
    }
}
