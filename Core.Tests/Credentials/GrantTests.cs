using ControlPlane.Authorization;
using ControlPlane.Errors;
using ControlPlane.Workspaces;
using FsCheck;
using FsCheck.Fluent;

namespace ControlPlane.Credentials;

/// <summary>The algebra of scopes that may be narrowed to one session. What a grant allows is tried out on sessions, and on all of them (null).</summary>
public sealed class GrantTests
{
    private static readonly string?[] Targets = [null, "ses-1", "ses-2", "ses-3"];
    private static readonly Scopes[] Needs = [Scopes.SessionsRead, Scopes.SessionsWrite, Scopes.WorkspacesRead];

    private static readonly Gen<Scopes> Sets = Gen.Choose(0, (int)ScopeRules.All).Select(bits => (Scopes)bits);
    private static readonly Gen<string?> Sessions = Gen.Elements(null, "ses-1", "ses-2");
    private static readonly Arbitrary<Grant> Any = Sets.SelectMany(scopes => Sessions.Select(session => new Grant(scopes, session))).ToArbitrary();
    private static readonly Arbitrary<string> One = Gen.Elements("ses-1", "ses-2").ToArbitrary();

    [Fact]
    public void Narrowing_never_grants() => Check.QuickThrowOnFailure(Prop.ForAll(
        Any, One, (grant, session) => IsWithin(grant.NarrowedTo(session), grant)));

    [Fact]
    public void Narrowing_leaves_what_the_one_session_was_allowed_and_nothing_of_others() => Check.QuickThrowOnFailure(Prop.ForAll(
        Any, One, (grant, session) => Needs.All(need => Targets.All(target =>
            grant.NarrowedTo(session).Allows(need, target) == (grant.Allows(need, target) && (target == session || need == Scopes.WorkspacesRead))))));

    [Fact]
    public void Writing_implies_reading_on_the_same_sessions() => Check.QuickThrowOnFailure(Prop.ForAll(
        Any, grant => Targets.All(target => !grant.Allows(Scopes.SessionsWrite, target) || grant.Allows(Scopes.SessionsRead, target))));

    [Fact]
    public void Covering_is_allowing_all_that_the_other_allows() => Check.QuickThrowOnFailure(Prop.ForAll(
        Any, Any, (mine, other) => mine.Covers(other) == IsWithin(other, mine)));

    [Fact]
    public void Both_together_allow_what_either_does_or_are_no_one_grant() => Check.QuickThrowOnFailure(Prop.ForAll(
        Any, Any, (one, other) => one.With(other) is not { } both
            || Needs.All(need => Targets.All(target => both.Allows(need, target) == (one.Allows(need, target) || other.Allows(need, target))))));

    [Fact]
    public void What_is_minted_is_never_stronger_than_whoever_mints_it() => Check.QuickThrowOnFailure(Prop.ForAll(
        Any, Any, (own, minted) =>
        {
            var caller = new Caller("c", CredentialKind.Personal, "ws", "u", Role.Owner, own.Scopes, own.SessionId);
            try
            {
                caller.MustCover(minted);
                return IsWithin(minted, own);
            }
            catch (ControlPlaneException refused)
            {
                return refused.Code == ErrorCode.ScopeMissing && !IsWithin(minted, own);
            }
        }));

    [Fact]
    public void Words_read_back() => Check.QuickThrowOnFailure(Prop.ForAll(Any, grant =>
    {
        Grant? read = new Grant(Scopes.None);
        foreach (var word in grant.ToWords())
        {
            read = Grant.TryParse(word, out var one) ? read?.With(one) : null;
        }

        return read is { } sum && IsWithin(sum, grant) && IsWithin(grant, sum);
    }));

    [Theory]
    [InlineData("sessions:write!session=SES-1", Scopes.SessionsWrite, "ses-1")]
    [InlineData("sessions:read!session=env_7", Scopes.SessionsRead, "env_7")]
    [InlineData("workspaces:read", Scopes.WorkspacesRead, null)]
    public void A_word_is_a_scope_and_its_session(string word, Scopes scope, string? session)
    {
        Assert.True(Grant.TryParse(word, out var grant));
        Assert.Equal(new Grant(scope, session), grant);
    }

    [Theory]
    [InlineData("workspaces:read!session=ses-1"), InlineData("sessions:write!session="), InlineData("sessions:write!session=a/b")]
    [InlineData("sessions:write!"), InlineData("sessions:write!session=ses-1!session=ses-2"), InlineData("!session=ses-1"), InlineData("sessions:write!clone=x")]
    public void Other_words_are_none(string word) => Assert.False(Grant.TryParse(word, out _));

    private static bool IsWithin(Grant less, Grant more) =>
        Needs.All(need => Targets.All(target => !less.Allows(need, target) || more.Allows(need, target)));
}
