using ControlPlane.Credentials;
using ControlPlane.Errors;
using ControlPlane.Requests;

namespace ControlPlane.Workspaces;

/// <summary>What a key is to be made from, checked.</summary>
internal sealed record ApiKeyOrder(string Label, Scopes Scopes, TimeSpan? ExpiresIn)
{
    private const int LongestLabel = 100;
    private const int LongestLifeSeconds = 31_536_000;

    /// <exception cref="ControlPlaneException">400, naming the field.</exception>
    public static ApiKeyOrder Check(CreateApiKeyRequest request) => new(
        Texts.Checked("label", request.Label ?? throw Invalid.At("label", "say what the key is for."), LongestLabel),
        request.Scopes is { } words ? ScopesOf(words) : ScopeRules.All,
        Texts.InRange("expiresInSeconds", request.ExpiresInSeconds, 1, LongestLifeSeconds) is { } seconds ? TimeSpan.FromSeconds(seconds) : null);

    private static Scopes ScopesOf(IReadOnlyList<string> words)
    {
        var scopes = Scopes.None;
        for (var at = 0; at < words.Count; at++)
        {
            scopes |= words[at] is { } word && ScopeRules.TryParse(word, out var scope)
                ? scope
                : throw Invalid.At($"scopes[{at}]", $"no such scope; there are {string.Join(", ", ScopeRules.All.ToWords())}.");
        }

        return scopes == Scopes.None ? throw Invalid.At("scopes", "name at least one, or leave the field out for all.") : scopes;
    }
}
