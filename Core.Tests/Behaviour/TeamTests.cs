using ControlPlane.Audit;
using ControlPlane.Authorization;
using ControlPlane.Credentials;
using ControlPlane.Errors;
using ControlPlane.Invitations;
using ControlPlane.Workspaces;

namespace ControlPlane.Behaviour;

/// <summary>People come with invitations, hold tokens of their own, make workspaces; and what was administered is kept.</summary>
public abstract class TeamTests : BehaviourTests
{
    [Fact]
    public Task Of_two_who_race_for_an_invitation_one_wins_and_is_a_member() => InWorldAsync(true, async world =>
    {
        var invitation = await InviteAsync(world);
        var (one, other) = (New(), New());

        var first = AcceptAsync(world, invitation, one);
        var second = AcceptAsync(world, invitation, other);
        await world.UntilAsync(Task.WhenAll(first, second).ContinueWith(static _ => { }, TaskScheduler.Default));

        var won = first.IsCompletedSuccessfully ? one : other;
        Assert.Equal(1, new[] { first, second }.Count(task => task.IsCompletedSuccessfully));
        Assert.Equal(new[] { world.Owner.UserId!, won.UserId }.Order(), (await MembersAsync(world)).Order());
        Assert.Equal(ErrorCode.InvitationUsed, await world.RefusalOfAsync(AcceptAsync(world, invitation, New())));
    });

    [Fact]
    public Task An_invitation_that_was_taken_before_a_crash_is_gone_on_with_and_answered_the_same() => InWorldAsync(true, async world =>
    {
        var invitation = await InviteAsync(world);
        var by = New();
        var cut = AcceptAsync(world, invitation, by);
        await world.Host.CrashAsync();
        await world.UntilAsync(cut.ContinueWith(static _ => { }, TaskScheduler.Default));

        var accepted = await world.UntilAsync(AcceptAsync(world, invitation, by));

        Assert.Equal((by.UserId, Role.Member), (accepted.UserId, accepted.Role));
        Assert.Contains(by.UserId, await MembersAsync(world));
        Assert.NotNull(await world.UntilAsync(world.Host.Entities.Credential(by.Token!.Id).DescribeOwnAsync(by.UserId)));
        Assert.Single(await ActsAsync(world, AuditAction.MemberJoin));
    });

    [Fact]
    public Task An_invitation_lives_for_a_day() => InWorldAsync(true, async world =>
    {
        var invitation = await InviteAsync(world);
        await world.PassAsync(InvitationState.Lifetime + TimeSpan.FromSeconds(1));

        Assert.Equal(ErrorCode.InvitationExpired, await world.RefusalOfAsync(AcceptAsync(world, invitation, New())));
    });

    [Fact]
    public Task An_invitation_that_was_withdrawn_lets_nobody_in_and_its_place_is_free() =>
        InWorldAsync(Options(true) with { Workspaces = new WorkspaceOptions { MaxInvitations = 1 } }, async world =>
        {
            var invitation = await InviteAsync(world);
            Assert.Equal(invitation, Assert.Single(await world.UntilAsync(world.Workspace.InvitationsAsync(world.Owner))).Id);

            Assert.True(await world.UntilAsync(world.Workspace.WithdrawInvitationAsync(world.Owner, invitation)));
            await world.Host.CrashAsync();

            Assert.True(await world.UntilAsync(world.Workspace.WithdrawInvitationAsync(world.Owner, invitation)));
            Assert.Equal(ErrorCode.InvitationInvalid, await world.RefusalOfAsync(AcceptAsync(world, invitation, New())));
            Assert.Empty(await world.UntilAsync(world.Workspace.InvitationsAsync(world.Owner)));
            Assert.Equal(invitation, Assert.Single(await ActsAsync(world, AuditAction.MemberUninvite)).Target);
            await InviteAsync(world);
        });

    [Fact]
    public Task Of_an_acceptance_and_a_withdrawal_that_race_one_wins() => InWorldAsync(true, async world =>
    {
        var (invitation, by) = (await InviteAsync(world), New());
        var accepting = AcceptAsync(world, invitation, by);
        var withdrawing = world.Workspace.WithdrawInvitationAsync(world.Owner, invitation);
        await world.UntilAsync(Task.WhenAll(accepting, withdrawing).ContinueWith(static _ => { }, TaskScheduler.Default));

        Assert.NotEqual(accepting.IsCompletedSuccessfully, await withdrawing);
        Assert.Equal(accepting.IsCompletedSuccessfully, (await MembersAsync(world)).Contains(by.UserId));
        Assert.Equal(accepting.IsCompletedSuccessfully, await world.UntilAsync(world.Host.Entities.Credential(by.Token!.Id).DescribeOwnAsync(by.UserId)) is not null);
    });

    [Fact]
    public Task A_withdrawal_that_was_cut_off_is_done_or_can_be_repeated() => InWorldAsync(true, async world =>
    {
        var invitation = await InviteAsync(world);
        var cut = world.Workspace.WithdrawInvitationAsync(world.Owner, invitation);
        await world.Host.CrashAsync();
        await world.UntilAsync(cut.ContinueWith(static _ => { }, TaskScheduler.Default));

        Assert.True(await world.UntilAsync(world.Workspace.WithdrawInvitationAsync(world.Owner, invitation)));
        Assert.Equal(ErrorCode.InvitationInvalid, await world.RefusalOfAsync(AcceptAsync(world, invitation, New())));
        Assert.Single(await ActsAsync(world, AuditAction.MemberUninvite));
    });

    [Fact]
    public Task Nobody_who_was_removed_comes_back_by_an_invitation_that_was_taken() => InWorldAsync(true, async world =>
    {
        var invitation = await InviteAsync(world);
        var by = New();
        await world.UntilAsync(AcceptAsync(world, invitation, by));
        await world.RemoveMemberAsync(by.UserId);

        Assert.Null(await world.UntilAsync(world.Workspace.JoinAsync(new JoiningMember(invitation, by.UserId, null))));
        await world.UntilAsync(AcceptAsync(world, invitation, by));

        Assert.DoesNotContain(by.UserId, await MembersAsync(world));
    });

    [Fact]
    public Task A_workspace_that_is_full_leaves_the_invitation_as_it_was() =>
        InWorldAsync(Options(true) with { Workspaces = new WorkspaceOptions { MaxMembers = 2 } }, async world =>
        {
            var (early, late) = (await InviteAsync(world), await InviteAsync(world));
            var first = New();
            await world.UntilAsync(AcceptAsync(world, early, first));

            Assert.Equal(ErrorCode.QuotaExceeded, await world.RefusalOfAsync(AcceptAsync(world, late, New())));
            await world.RemoveMemberAsync(first.UserId);
            await world.UntilAsync(AcceptAsync(world, late, New()));
        });

    [Fact]
    public Task Open_invitations_are_bounded() =>
        InWorldAsync(Options(true) with { Workspaces = new WorkspaceOptions { MaxInvitations = 2 } }, async world =>
        {
            await InviteAsync(world);
            var second = await InviteAsync(world);

            Assert.Equal(ErrorCode.QuotaExceeded, await world.RefusalOfAsync(InviteAsync(world)));
            await world.UntilAsync(AcceptAsync(world, second, New()));
            await InviteAsync(world);
        });

    [Fact]
    public Task A_users_tokens_are_bounded_and_those_that_have_ended_make_room() =>
        InWorldAsync(Options(true) with { Users = new Users.UserOptions { MaxTokens = 2 } }, async world =>
        {
            var caller = world.Owner with { UserId = "u" };
            var first = await TokenAsync(world, caller);
            await TokenAsync(world, caller);

            Assert.Equal(ErrorCode.QuotaExceeded, await world.RefusalOfAsync(TokenAsync(world, caller)));
            Assert.NotNull(await world.UntilAsync(world.Host.Entities.Credential(first).RevokeOwnAsync(caller)));
            var third = await TokenAsync(world, caller);

            Assert.Contains(third, (await world.UntilAsync(world.Host.Entities.User("u").TokensAsync(null))).Select(token => token.Id));
        });

    [Fact]
    public Task A_token_that_was_revoked_lets_nobody_in_and_a_strangers_revocation_finds_none() => InWorldAsync(true, async world =>
    {
        var token = await world.MemberAsync("u");
        var session = await world.SessionAsync();
        var gateway = await world.Host.GatewayAsync();
        Assert.Null(await gateway.TryAsync(token.Token, session));

        Assert.Null(await world.UntilAsync(world.Host.Entities.Credential(token.Id).RevokeOwnAsync(world.Owner with { UserId = "v" })));
        Assert.NotNull(await world.UntilAsync(world.Host.Entities.Credential(token.Id).RevokeOwnAsync(world.Owner with { UserId = "u" })));

        Assert.Equal(ErrorCode.CredentialInvalid, await gateway.TryAsync(token.Token, session));
    });

    [Fact]
    public Task A_change_that_was_acknowledged_is_in_the_log_also_after_a_crash() => InWorldAsync(true, async world =>
    {
        var key = await world.KeyAsync();
        await world.RevokeAsync(key);
        await world.Host.CrashAsync();

        Assert.Equal(key.Id, Assert.Single(await ActsAsync(world, AuditAction.ApiKeyCreate)).Target);
        Assert.Equal(key.Id, Assert.Single(await ActsAsync(world, AuditAction.ApiKeyRevoke)).Target);
    });

    [Fact]
    public Task A_change_whose_caller_was_cut_off_is_in_the_log_in_the_end() => InWorldAsync(true, async world =>
    {
        var key = await world.KeyAsync();
        var cut = world.Host.Entities.Credential(key.Id).RevokeAsync(world.Owner);
        await world.Host.CrashAsync();
        await world.UntilAsync(cut.ContinueWith(static _ => { }, TaskScheduler.Default));
        await world.RevokeAsync(key);

        Assert.Single(await ActsAsync(world, AuditAction.ApiKeyRevoke));
    });

    [Fact]
    public Task The_same_act_twice_is_in_the_log_once() => InWorldAsync(true, async world =>
    {
        var act = new AuditEvent("1", world.WorkspaceId, world.Time.GetUtcNow(), "user:u", AuditAction.BackupTake, null, null, null);
        var log = world.Host.Entities.Audit(world.WorkspaceId);
        await world.UntilAsync(log.RecordAsync(act));
        await world.Host.CrashAsync();
        await world.UntilAsync(log.RecordAsync(act));

        Assert.Equal(act, Assert.Single(await ActsAsync(world, AuditAction.BackupTake)));
    });

    [Fact]
    public Task The_log_keeps_what_it_promises_and_no_more() => InWorldAsync(true, async world =>
    {
        var log = world.Host.Entities.Audit("ws-long");
        for (var at = 0; at <= AuditLog.Kept + (AuditLog.Kept / 10); at++)
        {
            await world.UntilAsync(log.RecordAsync(
                new AuditEvent($"{at}", "ws-long", world.Time.GetUtcNow(), "user:u", AuditAction.WorkspaceRename, null, $"{at}", null)));
        }

        var kept = 0;
        for (long? before = null; ;)
        {
            var page = await world.UntilAsync(log.PageAsync(new AuditQuery(null, 200, before)));
            kept += page.Events.Count;
            if ((before = page.Next) is null)
            {
                break;
            }
        }

        Assert.Equal(AuditLog.Kept, kept);
    });

    private static async Task<string> InviteAsync(World world, Role role = Role.Member)
    {
        var (id, now) = (InvitationCode.KeyOf(InvitationCode.New())!, world.Time.GetUtcNow());
        await world.UntilAsync(world.Workspace.InviteAsync(
            world.Owner, id,
            new NewInvitation(world.WorkspaceId, "a@example.test", role, world.Owner.UserId!, now, now + InvitationState.Lifetime)));
        return id;
    }

    private static Task<Accepted> AcceptAsync(World world, string invitation, Acceptance by) => world.Host.Entities.Invitation(invitation).AcceptAsync(by);

    private static Acceptance New() => new($"usr-{Token.NewId()}", new FirstToken(Token.NewId(), TokenDigest.Of(Token.NewId())), "192.0.2.1");

    private static async Task<IEnumerable<string>> MembersAsync(World world) => (await world.UntilAsync(world.Workspace.DescribeAsync()))!.Members.Keys;

    private static async Task<IReadOnlyList<AuditEvent>> ActsAsync(World world, AuditAction action) =>
        (await world.UntilAsync(world.Host.Entities.Audit(world.WorkspaceId).PageAsync(new AuditQuery(action, 100, null)))).Events;

    private static async Task<string> TokenAsync(World world, Caller caller)
    {
        var id = Token.NewId();
        await world.UntilAsync(world.Host.Entities.User(caller.UserId!).CreateTokenAsync(
            caller, id,
            new NewCredential(
                CredentialKind.Personal, world.WorkspaceId, caller.UserId, "l", ScopeRules.All, TokenDigest.Of(id), world.Time.GetUtcNow(), caller.Name, null)));
        return id;
    }
}
