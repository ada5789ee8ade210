using ControlPlane.Audit;
using ControlPlane.Authorization;
using ControlPlane.Credentials;
using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.Records;

namespace ControlPlane.Logins;

/// <summary>The entity behind <see cref="ILogin"/>.</summary>
public sealed class LoginEntity : ILogin, IEntity
{
    /// <summary>How long a device waits between two questions.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>What the network may take off an interval on its way here.</summary>
    private static readonly TimeSpan Jitter = TimeSpan.FromSeconds(1);

    private readonly IEntityHost _host;
    private readonly LoginOptions _options;
    private readonly Record<LoginState> _record;
    private readonly AuditTrail<LoginState> _audit;

    // UTC ticks of the last question while pending. In memory alone: a poll writes nothing, and an activation that forgot it is only kinder.
    private long _asked;

    public LoginEntity(IEntityHost host, LoginOptions options)
    {
        (_host, _options) = (host, options);
        _record = new Record<LoginState>(host.Store<LoginState>())
        {
            // Before the first save: no login is ever durable without the alarm that ends it.
            BeforeSave = (next, _) => next.State is { WrongTries: 0, Approval: null, DeniedBy: null } begun
                ? host.WakeAtAsync(begun.ForgottenAt)
                : Task.CompletedTask,
        };
        _audit = new AuditTrail<LoginState>(host, _record);
        _record.Loaded += stored => GoOn(stored.State);
    }

    public bool IsForgettable => _record.IsQuiet && _record.Current?.State is null;

    private DateTimeOffset Now => _host.Time.GetUtcNow();

    public Task<bool> BeginAsync(NewLogin login, CancellationToken cancellationToken = default) => _record.ChangeAsync(
        (state, _) => state is null ? Decision<LoginState, bool>.Save(LoginState.From(login, Now), true)
            // The same once more: its first answer was lost.
            : Decision<LoginState, bool>.Keep(state.IsOf(login.Device)),
        cancellationToken);

    public async Task<LoginView?> DescribeAsync(CancellationToken cancellationToken = default) =>
        (await _record.ReadFreshAsync(cancellationToken)).State is { } state && state.IsOpen(Now)
            ? new LoginView(state.ClientName, state.Address, state.CreatedAt, state.ExpiresAt)
            : null;

    public async Task<bool> DecideAsync(Caller caller, bool approve, CancellationToken cancellationToken = default)
    {
        var user = caller.UserId ?? throw new ControlPlaneException(
            ErrorCode.RoleMissing, "A workspace's key cannot let a device in. Use the personal token of a user.");
        var (salt, act) = (DeviceCode.NewSalt(), _audit.Act(caller, AuditAction.LoginApprove, null));
        var decided = await _record.ChangeAsync(
            (state, _) => state?.Decided(caller, user, approve, salt, act, Now) is { } next
                ? Decision<LoginState, LoginState?>.Save(next, next)
                : Decision<LoginState, LoginState?>.Keep(state?.IsDecided(caller, user, approve) == true ? state : null),
            cancellationToken);
        if (decided is not null)
        {
            await _audit.WriteAsync(decided, cancellationToken);
        }

        return decided is not null;
    }

    public Task CountWrongAsync(CancellationToken cancellationToken = default) => _record.ChangeAsync(
        (state, _) => state is not null && state.IsOpen(Now)
            ? Decision<LoginState, bool>.Save(state with { WrongTries = state.WrongTries + 1 }, true)
            : Decision<LoginState, bool>.Keep(true),
        cancellationToken);

    public async Task<LoginAnswer> PollAsync(TokenDigest device, CancellationToken cancellationToken = default)
    {
        // From the store: another activation may have heard the decision.
        var state = (await _record.ReadFreshAsync(cancellationToken)).State;
        var standing = StandingOf(state, device);
        return standing == LoginStanding.Approved
            ? state is { Salt: { } salt } ? new LoginAnswer(standing, Salt: salt) : await SaltAsync(device, cancellationToken)
            : new LoginAnswer(standing == LoginStanding.Pending && IsTooSoon() ? LoginStanding.TooSoon : standing);
    }

    public async Task<LoginAnswer> ClaimAsync(TokenDigest device, LoginToken token, CancellationToken cancellationToken = default)
    {
        // What is made of it is saved first, so that a crash on the way leaves a record to clean up by.
        var (claimed, standing) = await _record.ChangeAsync(
            (stored, _) =>
            {
                var next = stored?.Claimed(device, token, Now);
                var answer = (next, StandingOf(stored, device));
                return next is null || ReferenceEquals(next, stored)
                    ? Decision<LoginState, (LoginState?, LoginStanding)>.Keep(answer)
                    : Decision<LoginState, (LoginState?, LoginStanding)>.Save(next, answer);
            },
            cancellationToken);
        if (claimed is not { Approval: { } approval })
        {
            return new LoginAnswer(standing);
        }

        // The credential first, and then the mark that the token is out: a crash between the two leaves a login that can still be asked for,
        // and whoever asks makes the very same credential. The other way round the token would be lost.
        var credential = claimed.Credential(approval, token, _options.TokenLifetime);
        try
        {
            await _host.Entities.User(approval.UserId).CreateTokenAsync(
                approval.Caller(token.CredentialId), token.CredentialId, credential, cancellationToken);
        }
        catch (ControlPlaneException full) when (full.Code == ErrorCode.QuotaExceeded)
        {
            return new LoginAnswer(LoginStanding.Full);
        }

        // What was claimed in time is handed out, also when the codes have ended since: the credential stands already.
        return await _record.ChangeAsync(
            (stored, _) => stored is { SpentAt: null } && stored.Claim == token
                ? Decision<LoginState, LoginAnswer>.Save(
                    stored.Spent(Now), new LoginAnswer(LoginStanding.Granted, approval.WorkspaceId, credential.ExpiresAt))
                : Decision<LoginState, LoginAnswer>.Keep(new LoginAnswer(StandingOf(stored, device))),
            cancellationToken);
    }

    public async Task WakeAsync(CancellationToken cancellationToken = default)
    {
        var state = (await _record.ReadFreshAsync(cancellationToken)).State;
        if (state?.ForgottenAt > Now)
        {
            await _host.WakeAtAsync(state.ForgottenAt);
            return;
        }

        if (state is not null)
        {
            await _audit.WriteAsync(state, cancellationToken);
            if (state is { SpentAt: null, Claim: { } untaken })
            {
                // It was made and answered to nobody: the device gave up, or died.
                await _host.Entities.Credential(untaken.CredentialId).EndAsync(untaken.Digest, cancellationToken);
            }

            await _record.ChangeAsync((_, _) => Decision<LoginState, bool>.Remove(true), cancellationToken);
        }

        await _host.WakeAtAsync(null);
    }

    private void GoOn(LoginState? state)
    {
        if (state is { ToAudit: not null })
        {
            _audit.GoOn(state);
        }
    }

    private LoginStanding StandingOf(LoginState? state, TokenDigest device) => state?.Standing(device, Now) ?? LoginStanding.Unknown;

    /// <summary>A login that was approved before there were salts gets its own now.</summary>
    private Task<LoginAnswer> SaltAsync(TokenDigest device, CancellationToken cancellationToken)
    {
        var salt = DeviceCode.NewSalt();
        return _record.ChangeAsync(
            (state, _) => StandingOf(state, device) is var now && now == LoginStanding.Approved && state is { Salt: null }
                ? Decision<LoginState, LoginAnswer>.Save(state with { Salt = salt }, new LoginAnswer(now, Salt: salt))
                : Decision<LoginState, LoginAnswer>.Keep(new LoginAnswer(now, Salt: state?.Salt)),
            cancellationToken);
    }

    private bool IsTooSoon()
    {
        var now = Now.UtcTicks;
        var before = Interlocked.Exchange(ref _asked, now);
        return now - before < (Interval - Jitter).Ticks;
    }
}
