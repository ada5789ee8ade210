using FsCheck;
using FsCheck.Fluent;

namespace ControlPlane.Credentials;

public sealed class ScopesTests
{
    private static readonly Arbitrary<Scopes> Any = Gen.Choose(0, (int)ScopeRules.All).Select(bits => (Scopes)bits).ToArbitrary();

    [Fact]
    public void What_is_granted_is_allowed() => Check.QuickThrowOnFailure(Prop.ForAll(Any, scopes => scopes.Allows(scopes) && scopes.Allows(Scopes.None)));

    [Fact]
    public void More_never_allows_less() => Check.QuickThrowOnFailure(Prop.ForAll(
        Any, Any, (some, more) => Prop.ForAll(Any, needed => !some.Allows(needed) || (some | more).Allows(needed))));

    [Fact]
    public void Needing_two_things_is_needing_each() => Check.QuickThrowOnFailure(Prop.ForAll(
        Any, Any, (one, other) => Prop.ForAll(Any, granted => granted.Allows(one | other) == (granted.Allows(one) && granted.Allows(other)))));

    [Fact]
    public void Writing_sessions_implies_reading_them_and_nothing_else_implies_anything()
    {
        Assert.True(Scopes.SessionsWrite.Allows(Scopes.SessionsRead));
        Assert.False(Scopes.SessionsRead.Allows(Scopes.SessionsWrite));
        Assert.False(Scopes.SessionsWrite.Allows(Scopes.WorkspacesRead));
        Assert.False(Scopes.WorkspacesRead.Allows(Scopes.SessionsRead));
        Assert.False(Scopes.None.Allows(Scopes.SessionsRead));
    }

    [Fact]
    public void Words_read_back() => Check.QuickThrowOnFailure(Prop.ForAll(Any, scopes => scopes.ToWords().Aggregate(
        Scopes.None, (sum, word) => ScopeRules.TryParse(word, out var scope) ? sum | scope : throw new InvalidOperationException(word)) == scopes));

    [Theory, InlineData("sessions"), InlineData(""), InlineData("SESSIONS:READ"), InlineData("admin")]
    public void Other_words_are_no_scopes(string word) => Assert.False(ScopeRules.TryParse(word, out _));
}
