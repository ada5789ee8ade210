using System.Collections.Concurrent;
using System.Net;
using ControlPlane.Credentials;
using ControlPlane.Errors;

namespace ControlPlane.Gateways;

/// <summary>
/// What a gateway remembers of tokens that it refused: final refusals for a second, and how many came from one address. Past the limit an
/// address gets no look-up for a while; tokens that the gateway holds as good are not concerned.
/// </summary>
/// <param name="perMinute">How many from one address; each frees its place evenly over the minute.</param>
public sealed class RefusedTokens(TimeProvider time, int perMinute)
{
    private const int MostRemembered = 10_000;
    private static readonly TimeSpan Remember = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<TokenDigest, (Refusal Refusal, long At)> _final = new();
    private readonly AddressLimit _addresses = new(time, perMinute, TimeSpan.FromMinutes(1));

    /// <summary>Tries a code that is no token: guessing at it is limited as guessing at tokens is, together with that.</summary>
    /// <exception cref="ControlPlaneException">429: the address has guessed too often; or what the trial was refused with, which then counts.</exception>
    public async Task<T> TryAsync<T>(IPAddress? from, Func<Task<T>> tryAsync)
    {
        if (Blocked(from) is { } blocked)
        {
            throw new ControlPlaneException(blocked);
        }

        try
        {
            return await tryAsync();
        }
        catch (ControlPlaneException problem) when (problem.Code.Status() < 500)
        {
            Count(from);
            throw;
        }
    }

    /// <summary>A final refusal of this very token, a moment ago.</summary>
    internal Refusal? Known(TokenDigest digest) =>
        _final.TryGetValue(digest, out var known) && time.GetElapsedTime(known.At) < Remember ? known.Refusal : null;

    internal void RememberFinal(TokenDigest digest, Refusal refusal)
    {
        if (_final.Count >= MostRemembered)
        {
            _final.Clear();
        }

        _final[digest] = (refusal, time.GetTimestamp());
    }

    /// <summary>The refusal of an address that has had too many tokens refused; null: it may be looked up.</summary>
    internal Refusal? Blocked(IPAddress? from) => _addresses.Wait(from) is not { } wait ? null : new Refusal(
        ErrorCode.TooManyRequests, $"More than {perMinute} tokens from this address were refused within a minute.", wait);

    internal void Count(IPAddress? from) => _addresses.Count(from);

    /// <summary>Counts when it is called; for a question that others may come to share, and that is one refusal all the same.</summary>
    internal Action CountingFrom(IPAddress? from) => () => Count(from);
}
