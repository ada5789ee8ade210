using ControlPlane.Credentials;
using ControlPlane.Errors;
using ControlPlane.Hosting;
using ControlPlane.Sessions;
using ControlPlane.Workspaces;

namespace ControlPlane.Simulation;

/// <summary>What clients do over the management API. An operation counts as acknowledged when its owner has answered, also when the answer is lost.</summary>
internal sealed class Clients(Cluster cluster)
{
    public const string WorkspaceId = "ws-a";

    private int _numbers;

    public Task CreateWorkspaceAsync() => DoAsync<IWorkspace>(EntityKinds.Workspace, WorkspaceId, "create", async (workspace, token) =>
        await workspace.CreateAsync(new NewWorkspace(WorkspaceId, History.Owner.UserId!, MachineClock.Start), token));

    public Task CreateKeyAsync(KnownKey key)
    {
        var asked = cluster.Witness.Now;
        if (key.ExpiresAt is not null)
        {
            cluster.Witness.MayGo(key);
        }

        return DoAsync<IWorkspace>(EntityKinds.Workspace, WorkspaceId, "create key", async (workspace, token) =>
        {
            await workspace.CreateKeyAsync(History.Owner, key.Id, Made(key), token);
            key.IsMade = true;
            cluster.Witness.Made(key, asked);
        });
    }

    /// <summary>A user's own token; it is not one of the workspace's keys.</summary>
    public Task CreateTokenAsync(KnownKey key) => DoAsync<ICredential>(EntityKinds.Credential, key.Id, "create", async (credential, token) =>
    {
        await credential.CreateAsync(Made(key), token);
        key.IsMade = true;
    });

    public Task RevokeAsync(KnownKey key)
    {
        SecretsOf(key).ForEach(secret => secret.RevokeAsked = true);
        SecretsOf(key).ForEach(cluster.Witness.MayGo);
        return DoAsync<ICredential>(EntityKinds.Credential, key.Id, "revoke", async (credential, token) =>
        {
            var isThere = key.IsMade;
            var report = await credential.RevokeAsync(History.Owner, token);
            if (report is not null)
            {
                foreach (var secret in SecretsOf(key))
                {
                    secret.IsRevoked = true;
                    cluster.Witness.Gone(secret);
                    cluster.Streams.MustBeCut(secret);
                }
            }
            else if (isThere)
            {
                throw new Violation("fail closed", $"the key {key.Id} exists, and its revocation found none.");
            }
        });
    }

    /// <summary>Once for each secret: whether one took place whose answer was lost is not known, so the key is left at that.</summary>
    public Task RotateAsync(KnownKey key, TimeSpan grace)
    {
        key.RotateAsked = true;
        cluster.Witness.MayGo(key);
        var next = new KnownKey(key.Id, key.Kind, key.ExpiresAt, null, key.Secret + 1);
        return DoAsync<ICredential>(EntityKinds.Credential, key.Id, "rotate", async (credential, token) =>
        {
            if (await credential.RotateAsync(History.Owner, TokenDigest.Of(next.Token), grace, token) is null)
            {
                return;
            }

            var end = cluster.Director.Clock.GetUtcNow() + grace;
            key.EndsBy = key.EndsBy < end ? key.EndsBy : end;
            foreach (var secret in SecretsOf(key).Where(secret => secret.Secret < key.Secret || (secret == key && grace == TimeSpan.Zero)))
            {
                secret.IsSpent = true;
                cluster.Witness.Gone(secret);
                cluster.Streams.MustBeCut(secret);
            }

            if (!next.IsMade)
            {
                (next.IsMade, next.RevokeAsked, next.IsRevoked) = (true, key.RevokeAsked, key.IsRevoked);
                cluster.History.Keys.Add(next);
            }
        });
    }

    /// <summary>Makes a user a member, then gives it a token.</summary>
    public async Task AddUserAsync()
    {
        var user = new KnownUser($"usr-{++_numbers:D9}");
        cluster.History.Users.Add(user);
        var token = CreateTokenAsync(NewKey(CredentialKind.Personal, null, user));
        await DoAsync<IWorkspace>(EntityKinds.Workspace, WorkspaceId, "set member", async (workspace, limit) =>
        {
            await workspace.SetMemberAsync(History.Owner, user.Id, Role.Member, addAfter: 0, limit);
            user.IsMember = true;
        });
        await token;
    }

    public Task RemoveUserAsync(KnownUser user)
    {
        user.RemoveAsked = true;
        return DoAsync<IWorkspace>(EntityKinds.Workspace, WorkspaceId, "remove member", async (workspace, token) =>
        {
            var wasMember = user.IsMember;
            var report = await workspace.RemoveMemberAsync(History.Owner, user.Id, token);
            if (report is not null)
            {
                user.IsRemoved = true;
                cluster.History.Keys.FindAll(key => key.User == user).ForEach(cluster.Witness.Gone);
                cluster.Streams.MustBeCut(user);
            }
            else if (wasMember && cluster.History.Users.Count <= WorkspaceState.MostTaken)
            {
                throw new Violation("fail closed", $"{user.Id} was a member, and its removal found none.");
            }
        });
    }

    public Task CreateSessionAsync(KnownSession session)
    {
        var asked = cluster.Witness.Now;
        if (session.Ttl is not null || cluster.Profile.EndsSessions)
        {
            cluster.Witness.MayGo(session);
        }

        return DoAsync<ISession>(EntityKinds.Session, session.Id, "create", async (entity, token) =>
        {
            var view = await entity.CreateAsync(
                History.Owner, new NewSession([new PlacedClone("github", "empty")], session.Ttl, session.RateLimit, null, null, null), token);
            session.EndAt = view.EndAt;

            // One that is still starting when this is answered may yet find no place: then it never was.
            session.IsMade = view.Status != SessionStatus.Starting;
            if (session.IsMade)
            {
                cluster.Witness.Started(session, asked);
            }
        });
    }

    public Task StopAsync(KnownSession session)
    {
        session.StopAsked = true;
        cluster.Witness.MayGo(session);
        var wasMade = session.IsMade;
        return DoAsync<ISession>(EntityKinds.Session, session.Id, "stop", async (entity, token) =>
        {
            try
            {
                await entity.StopAsync(History.Owner, token);
                IsStopped(session);
            }
            catch (ControlPlaneException problem) when (problem.Code == ErrorCode.CloneUnreachable)
            {
                // Nothing reaches it any more, though its worker has not confirmed.
                IsStopped(session);
                throw;
            }
            catch (ControlPlaneException problem) when (problem.Code == ErrorCode.SessionNotFound && wasMade)
            {
                throw new Violation("fail closed", $"the session {session.Id} exists, and its stop found none.");
            }
        });
    }

    public Task RenewAsync(KnownSession session, TimeSpan extension) => DoAsync<ISession>(EntityKinds.Session, session.Id, "renew", async (entity, token) =>
    {
        var view = await entity.RenewAsync(History.Owner, extension, token);
        session.EndAt = view.EndAt > session.EndAt ? view.EndAt : session.EndAt;
    });

    public Task DescribeAsync(KnownSession session) => DoAsync<ISession>(
        EntityKinds.Session, session.Id, "describe", async (entity, token) => await entity.DescribeAsync(History.Owner, token));

    public Task ListAsync() => DoAsync<ISessionIndex>(
        EntityKinds.SessionIndex, WorkspaceId, "page", async (entity, token) => await entity.PageAsync(new SessionQuery([], null, null, 10, null), token));

    public Task KeysAsync() => DoAsync<IWorkspace>(
        EntityKinds.Workspace, WorkspaceId, "keys", async (entity, token) => await entity.KeysAsync(History.Owner, token));

    public KnownKey NewKey(CredentialKind kind, DateTimeOffset? expiresAt, KnownUser? user = null)
    {
        var key = new KnownKey($"key{++_numbers:D9}", kind, expiresAt, user);
        cluster.History.Keys.Add(key);
        return key;
    }

    public KnownSession NewSession(TimeSpan? ttl, int? rateLimit)
    {
        var session = new KnownSession($"ses-{++_numbers:D26}", ttl, rateLimit);
        cluster.History.Sessions.Add(session);
        return session;
    }

    private void IsStopped(KnownSession session)
    {
        session.IsStopped = true;
        cluster.Witness.Gone(session);
        cluster.Streams.MustBeCut(session);
    }

    private List<KnownKey> SecretsOf(KnownKey key) => cluster.History.Keys.FindAll(other => other.Id == key.Id);

    private static NewCredential Made(KnownKey key) => new(
        key.Kind, WorkspaceId, key.Kind == CredentialKind.WorkspaceKey ? null : key.User?.Id ?? History.Owner.UserId, "", ScopeRules.All, TokenDigest.Of(key.Token),
        MachineClock.Start, "", key.ExpiresAt);

    /// <summary>Calls an owner. What is refused or lost is left at that, as clients do.</summary>
    private async Task DoAsync<TEntity>(string kind, string id, string name, Func<TEntity, CancellationToken, Task> act)
    {
        cluster.History.UnderWay++;
        using var limit = !cluster.IsCalm && cluster.Chance.Is(0.2) ? new CancellationTokenSource(TimeSpan.FromSeconds(2), cluster.Director.Clock) : new();
        try
        {
            await new Line(cluster, cluster.Director, new EntityKey(kind, id)).CallAsync<TEntity>(
                name,
                async (entity, token) =>
                {
                    try
                    {
                        await act(entity, token);
                        cluster.Trace.Note(name, id, "acknowledged");
                    }
                    catch (Violation problem)
                    {
                        cluster.Scheduler.Problem ??= problem;
                    }
                },
                limit.Token);
        }
        catch (Exception problem) when (problem is ControlPlaneException or IOException or OperationCanceledException or InvalidOperationException)
        {
            cluster.Trace.Note(name, id, problem.Message);
        }
        finally
        {
            cluster.History.UnderWay--;
        }
    }
}
