using ControlPlane.Credentials;
using ControlPlane.Errors;
using ControlPlane.Requests;

namespace ControlPlane.Workspaces;

/// <summary>What a key is to be made from, checked.</summary>
internal sealed record ApiKeyOrder(string Label, Grant Grant, TimeSpan? ExpiresIn)
{
    private const int LongestLabel = 100;
    private const int LongestLifeSeconds = 31_536_000;

    /// <exception cref="ControlPlaneException">400, naming the field.</exception>
    public static ApiKeyOrder Check(CreateApiKeyRequest request) => new(
        Texts.Checked("label", request.Label ?? throw Invalid.At("label", "say what the key is for."), LongestLabel),
        request.Scopes is { } words ? GrantOf(words) : new Grant(ScopeRules.All),
        Texts.InRange("expiresInSeconds", request.ExpiresInSeconds, 1, LongestLifeSeconds) is { } seconds ? TimeSpan.FromSeconds(seconds) : null);

    private static Grant GrantOf(IReadOnlyList<string> words)
    {
        var sum = new Grant(Scopes.None);
        for (var at = 0; at < words.Count; at++)
        {
            if (words[at] is not { } word || !Grant.TryParse(word, out var grant))
            {
                throw Invalid.At(
                    $"scopes[{at}]",
                    $"no such scope; there are {string.Join(", ", ScopeRules.All.ToWords())}, those of sessions also with !session=<id> for one session alone.");
            }

            sum = sum.With(grant) ?? throw Invalid.At($"scopes[{at}]", "it is for other sessions than the scopes before it. A key's scopes of sessions are all for the same.");
        }

        return sum.Scopes == Scopes.None ? throw Invalid.At("scopes", "name at least one, or leave the field out for all.") : sum;
    }
}
