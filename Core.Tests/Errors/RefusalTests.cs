namespace ControlPlane.Errors;

public sealed class RefusalTests
{
    public static TheoryData<ErrorCode> Passing => [.. Enum.GetValues<ErrorCode>().Where(static code => code.Status() == 429 && code != ErrorCode.RequestBudgetExhausted)];

    [Theory, MemberData(nameof(Passing))]
    public void A_429_that_passes_says_when_to_try_again(ErrorCode code)
    {
        var known = new Refusal(code, "Full.", TimeSpan.FromSeconds(3));

        Assert.Equal(ControlPlaneException.UnknownWait, new ControlPlaneException(code, "Full.").Refusal.RetryAfter);
        Assert.Same(known, new ControlPlaneException(known).Refusal);
    }

    [Fact]
    public void What_does_not_pass_does_not_say_so() =>
        Assert.Null(new ControlPlaneException(ErrorCode.RequestBudgetExhausted, "Spent.").Refusal.RetryAfter);
}
