using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;

namespace ControlPlane.Credentials;

public sealed class TokenTests
{
    private const string Letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-. ";

    [Fact]
    public void Created_has_the_shape_of_the_contract_and_reads_back()
    {
        foreach (var kind in Enum.GetValues<CredentialKind>())
        {
            for (var i = 0; i < 200; i++)
            {
                var id = Token.NewId();
                var token = Token.Create(kind, id);
                Assert.Matches(new Regex("^(archal_ws|arc|archal_login)_[0-9a-z]{12}_[0-9A-Za-z]{38}$"), token);
                Assert.True(Token.TryParse(token, out var readKind, out var readId));
                Assert.Equal((kind, id), (readKind, readId));
                Assert.StartsWith(Token.Shown(kind, id), token, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void One_wrong_character_is_always_found()
    {
        foreach (var kind in Enum.GetValues<CredentialKind>())
        {
            var token = Token.Create(kind, Token.NewId());
            for (var place = 0; place < token.Length; place++)
            {
                foreach (var letter in Letters.Where(letter => letter != token[place]))
                {
                    var wrong = token[..place] + letter + token[(place + 1)..];
                    Assert.False(Token.TryParse(wrong, out _, out _), $"place {place}, {token[place]} → {letter}, of a {kind}");
                }

                Assert.False(Token.TryParse(token[..place] + token[(place + 1)..], out _, out _), $"without place {place}");
                Assert.False(Token.TryParse(token[..place] + token[place] + token[place..], out _, out _), $"twice place {place}");
            }
        }
    }

    [Fact]
    public void Neighbours_that_changed_places_are_found() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Choose(0, 200).ToArbitrary(), at =>
        {
            var token = Token.Create(CredentialKind.WorkspaceKey, Token.NewId());
            var place = at % (token.Length - 1);
            var swapped = token[..place] + token[place + 1] + token[place] + token[(place + 2)..];
            return swapped == token || !Token.TryParse(swapped, out _, out _);
        }));

    [Fact]
    public void Any_other_text_is_none_of_ours() => Check.QuickThrowOnFailure(Prop.ForAll<string?>(
        text => !Token.TryParse(text ?? "", out _, out _) && !Token.TryParse("arc_" + text, out _, out _)));

    [Fact]
    public void A_digest_reads_back_and_matches_itself_alone() => Check.QuickThrowOnFailure(Prop.ForAll<string?, string?>((one, other) =>
    {
        var digest = TokenDigest.Of(one ?? "");
        return TokenDigest.Parse(digest.ToString()) == digest && digest.ToString().Length == 64
            && digest.Matches(TokenDigest.Of(other ?? "")) == ((one ?? "") == (other ?? ""));
    }));

    [Fact]
    public void A_digest_of_a_long_text_is_one_too() => Assert.True(TokenDigest.Of(new string('a', 10_000)).Matches(TokenDigest.Of(new string('a', 10_000))));
}
