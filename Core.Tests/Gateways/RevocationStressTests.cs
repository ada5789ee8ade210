using ControlPlane.Authorization;
using ControlPlane.Behaviour;
using ControlPlane.Credentials;
using ControlPlane.Hosting;
using ControlPlane.Sessions;
using ControlPlane.Workspaces;

namespace ControlPlane.Gateways;

/// <summary>The promise, on real threads and real time: what arrives after DELETE has answered is admitted nowhere, and nothing passes.</summary>
public sealed class RevocationStressTests
{
    private const int Rounds = 1000;
    private static readonly Caller Owner = new("own", CredentialKind.Personal, "ws", "u", Role.Owner, ScopeRules.All);

    [Theory, InlineData(true), InlineData(false)]
    public Task Under_load_nothing_that_arrives_after_a_revocation_is_admitted(bool reuse) => Task.Run(async () =>
    {
        var time = TimeProvider.System;
        var options = new EntityOptions(new() { Reuse = reuse }, new(), new() { SessionsPerMinute = 100_000 });
        var worker = new FakeWorker("w1", 10_000);
        var doors = new LocalDoors();
        var entities = new LocalEntities(new MemoryStorage(), doors, time, options, _ => worker);
        await entities.Workers.RegisterAsync(worker.Beat);
        await entities.Workspace("ws").CreateAsync(new NewWorkspace("ws", "u", time.GetUtcNow()));
        await using var one = new Gateway(entities, doors, options.Leases, time);
        await using var two = new Gateway(entities, doors, options.Leases, time);
        var admissions = new List<Admission>();
        foreach (var gateway in (Gateway[])[one, two])
        {
            gateway.Start();
            await gateway.ReadyAsync(CancellationToken.None);
            admissions.Add(new Admission(gateway, new RefusedTokens(time, 20)));
        }

        var session = SessionId.New();
        await entities.Session(session).CreateAsync(Owner, World.New());
        var admitted = 0;
        for (var round = 0; round < Rounds; round++)
        {
            if (round % 100 == 0)
            {
                await entities.Workers.RegisterAsync(worker.Beat);
            }

            var id = Token.NewId();
            var token = Token.Create(CredentialKind.WorkspaceKey, id);
            await entities.Credential(id).CreateAsync(new NewCredential(
                CredentialKind.WorkspaceKey, "ws", null, "", ScopeRules.All, TokenDigest.Of(token), time.GetUtcNow(), "", null));
            var revoked = 0;
            var load = admissions.SelectMany(admission => Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
            {
                var mine = new List<TestRequest>();
                for (var last = false; ; last = Volatile.Read(ref revoked) == 1)
                {
                    var request = new TestRequest();
                    request.Verdict = await admission.AdmitAsync(request, new CloneAsk(token, session, "github"), CancellationToken.None);
                    mine.Add(request);
                    Assert.False(last && request.IsAdmitted, $"admitted after its revocation, round {round}");
                    if (last)
                    {
                        return mine;
                    }

                    await Task.Yield();
                }
            }))).ToList();
            for (var spin = 0; spin < round % 7; spin++)
            {
                await Task.Yield();
            }

            Assert.NotNull(await entities.Credential(id).RevokeAsync(Owner));
            Volatile.Write(ref revoked, 1);
            for (var i = 0; i < admissions.Count; i++)
            {
                foreach (var request in (await Task.WhenAll(load.Skip(i * 2).Take(2))).SelectMany(mine => mine))
                {
                    admitted += request.IsAdmitted ? 1 : 0;
                    Assert.False(request.MayPass(1), $"passes after its revocation, round {round}");
                    Assert.Equal(request.IsAdmitted ? 1 : 0, request.Cuts);
                    admissions[i].Leave(request);
                }
            }
        }

        Assert.True(admitted > 0, "no request was ever admitted: nothing was tried");
    });
}
