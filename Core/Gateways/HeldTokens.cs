using System.Collections.Immutable;
using ControlPlane.Credentials;

namespace ControlPlane.Gateways;

/// <summary>
/// Which tokens a gateway holds facts of, or asks about, by the credential that a recall names: more than one while a rotated key's earlier
/// secret works. A token is taken in with its fact, and goes with the last of it, both in the one step of its slot.
/// </summary>
internal sealed class HeldTokens
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ImmutableArray<TokenDigest>> _tokens = [];
    private readonly Dictionary<TokenDigest, string> _credentials = [];

    /// <summary>How many credentials are known.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _tokens.Count;
            }
        }
    }

    public void Add(string credentialId, TokenDigest token)
    {
        lock (_gate)
        {
            if (_credentials.TryAdd(token, credentialId))
            {
                _tokens[credentialId] = _tokens.TryGetValue(credentialId, out var others) ? others.Add(token) : [token];
            }
        }
    }

    public void Remove(TokenDigest token)
    {
        lock (_gate)
        {
            if (!_credentials.Remove(token, out var credentialId))
            {
                return;
            }

            var left = _tokens[credentialId].Remove(token);
            if (left.IsEmpty)
            {
                _tokens.Remove(credentialId);
            }
            else
            {
                _tokens[credentialId] = left;
            }
        }
    }

    public ImmutableArray<TokenDigest> Of(string credentialId)
    {
        lock (_gate)
        {
            return _tokens.TryGetValue(credentialId, out var tokens) ? tokens : [];
        }
    }
}
