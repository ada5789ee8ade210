using System.Net;
using ControlPlane.Errors;
using ControlPlane.Gateways;

namespace ControlPlane.Logins;

/// <summary>
/// What one address may do without a credential, and one user with one: this is the one place where strangers make records, and where short
/// codes can be guessed at.
/// </summary>
internal sealed class LoginLimits(TimeProvider time)
{
    private const int MostWrong = 10;
    private const string WrongFromAddress = "Too many wrong codes or tokens came from this address.";

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    /// <summary>Of all addresses together, so that many of them cannot fill the store either.</summary>
    private static readonly IPAddress Everybody = IPAddress.Any;

    private readonly AddressLimit _wrong = new(time, MostWrong, Window);
    private readonly RateLimit<string> _wrongOfUser = new(time, MostWrong, Window);
    private readonly AddressLimit _begun = new(time, 30, Window);
    private readonly AddressLimit _begunByAll = new(time, 3_000, Window);
    private readonly AddressLimit _lost = new(time, 60, TimeSpan.FromMinutes(1));

    /// <summary>Counts a login that begins.</summary>
    /// <exception cref="ControlPlaneException">429: too many began lately.</exception>
    public void Begin(IPAddress? from)
    {
        if ((_begun.Wait(from) ?? _begunByAll.Wait(Everybody)) is { } wait)
        {
            throw TooMany("Too many device logins were begun.", wait);
        }

        _begun.Count(from);
        _begunByAll.Count(Everybody);
    }

    /// <exception cref="ControlPlaneException">429: this address gave too many wrong user codes or credentials lately.</exception>
    public void MustBeAllowedToTry(IPAddress? from)
    {
        if (_wrong.Wait(from) is { } wait)
        {
            throw TooMany(WrongFromAddress, wait);
        }
    }

    public void CountWrong(IPAddress? from) => _wrong.Count(from);

    /// <summary>
    /// A user tries a code. It counts as wrong, against address and user, for as long as it is under way, so that many at one moment are no
    /// more than the limit allows, and for good with <see cref="Try.IsWrong"/>.
    /// </summary>
    /// <exception cref="ControlPlaneException">429: this address or this user gave too many wrong codes lately.</exception>
    public Try BeginTry(IPAddress? from, string userId)
    {
        if (_wrong.Take(from) is { } wait)
        {
            throw TooMany(WrongFromAddress, wait);
        }

        if (_wrongOfUser.Take(userId) is { } longer)
        {
            _wrong.GiveBack(from);
            throw TooMany("Too many wrong codes were tried with this user's tokens.", longer);
        }

        return new Try(this, from, userId);
    }

    /// <exception cref="ControlPlaneException">429: this address asked too often with device codes that are unknown.</exception>
    public void MustBeAllowedToAsk(IPAddress? from)
    {
        if (_lost.Wait(from) is { } wait)
        {
            throw TooMany("Too many unknown device codes came from this address.", wait);
        }
    }

    public void CountUnknown(IPAddress? from) => _lost.Count(from);

    private static ControlPlaneException TooMany(string what, TimeSpan wait) =>
        new(new Refusal(ErrorCode.TooManyRequests, $"{what} Wait before the next.", wait));

    /// <summary>One try of a code; disposing it gives its place back unless it was wrong.</summary>
    internal sealed class Try(LoginLimits limits, IPAddress? from, string userId) : IDisposable
    {
        public bool IsWrong { get; set; }

        public void Dispose()
        {
            if (!IsWrong)
            {
                limits._wrong.GiveBack(from);
                limits._wrongOfUser.GiveBack(userId);
            }
        }
    }
}
