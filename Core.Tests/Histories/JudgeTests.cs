namespace ControlPlane.Histories;

/// <summary>The judge of histories finds what it is there to find, and nothing else.</summary>
public sealed class JudgeTests
{
    private static readonly Operation Made = Of(OperationKind.Make, 10, 20, Operation.Ok);
    private static readonly Operation Started = Of(OperationKind.Start, 10, 20, Operation.Ok);
    private static readonly Operation Revoked = Of(OperationKind.Revoke, 100, 110, Operation.Ok);
    private static readonly Operation Stopped = Of(OperationKind.Stop, 100, 110, Operation.Ok);

    [Fact]
    public void The_clock_of_a_history_goes_forward_for_a_century()
    {
        var century = TimeSpan.FromDays(36500);

        Assert.Equal(century.TotalMicroseconds, History.Microseconds((long)(century.TotalSeconds * System.Diagnostics.Stopwatch.Frequency)));
    }

    [Fact]
    public void A_history_in_which_every_promise_is_kept_is_clean() => Assert.Empty(Judge.Violations(
    [
        Made, Started, Request(30, 40, Operation.Ok), Request(50, 60, "control_plane_unavailable"), Request(70, 80, Operation.Lost),

        // While the revocation is under way either answer is true.
        Request(101, 105, Operation.Ok), Request(102, 106, "credential_invalid"), Revoked, Request(99, 115, Operation.Ok), Request(111, 120, "credential_invalid"),
    ]));

    [Fact]
    public void A_request_that_is_admitted_after_the_revocation_had_returned_is_found() =>
        Assert.Contains("revoked", Only([Made, Started, Revoked, Request(111, 120, Operation.Ok)]), StringComparison.Ordinal);

    [Fact]
    public void And_after_a_stop() =>
        Assert.Contains("stopped", Only([Made, Started, Stopped, Request(111, 120, Operation.Ok)]), StringComparison.Ordinal);

    [Fact]
    public void A_revocation_without_an_answer_promises_nothing() =>
        Assert.Empty(Judge.Violations([Made, Started, Revoked with { Verdict = Operation.Lost }, Request(111, 120, Operation.Ok)]));

    /// <summary>A repeated revocation counts from the first of its answers.</summary>
    [Fact]
    public void The_first_answer_counts() => Assert.NotEmpty(Judge.Violations(
        [Made, Started, Revoked, Revoked with { Invoked = 200, Returned = 210 }, Request(150, 160, Operation.Ok)]));

    [Theory, InlineData("credential_invalid"), InlineData("session_not_found"), InlineData("session_ended"), InlineData("session_failed"), InlineData("too_many_requests")]
    public void What_stands_is_never_unknown_or_over(string verdict) => Only([Made, Started, Request(30, 40, verdict), Revoked, Stopped]);

    [Theory, InlineData("credential_invalid"), InlineData("session_not_found")]
    public void What_was_acknowledged_is_there_from_then_on(string verdict)
    {
        Assert.Empty(Judge.Violations([Request(15, 30, verdict), Made, Started]));
        Only([Request(21, 30, verdict), Made, Started]);
    }

    [Fact]
    public void A_session_that_never_ran_may_have_failed_when_it_was_stopped_and_one_that_ran_may_not()
    {
        Assert.Empty(Judge.Violations([Made, Started, Stopped, Request(111, 120, "session_failed")]));
        Only([Made, Started, Request(30, 40, Operation.Ok), Stopped, Request(111, 120, "session_failed")]);
    }

    [Theory, InlineData(OperationKind.Make), InlineData(OperationKind.Start), InlineData(OperationKind.Revoke), InlineData(OperationKind.Stop)]
    public void Who_may_do_something_is_at_worst_told_to_come_again(OperationKind kind)
    {
        Assert.Empty(Judge.Violations([Of(kind, 10, 20, "control_plane_unavailable"), Of(kind, 30, 40, "no_capacity"), Of(kind, 50, 60, Operation.Lost)]));
        Assert.All(["credential_invalid", "not_found", "quota_exceeded", "internal", "retry_after_missing"], verdict => Only([Of(kind, 10, 20, verdict)]));
    }

    [Theory, InlineData("status_404"), InlineData("status_502"), InlineData("retry_after_missing")]
    public void An_answer_that_neither_the_clone_nor_a_gateway_gives_is_no_answer(string verdict) => Only([Made, Started, Request(30, 40, verdict)]);

    [Fact]
    public async Task A_history_in_a_file_is_the_same_history()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("history-").FullName, "history.csv");
        Operation[] history = [Made, Started, Revoked, Request(111, 120, Operation.Ok)];
        await History.SaveAsync(history, file);

        Assert.Equal(history, History.Load(file));
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    private static string Only(Operation[] history) => Assert.Single(Judge.Violations(history));

    private static Operation Request(long invoked, long returned, string verdict) => Of(OperationKind.Request, invoked, returned, verdict);

    private static Operation Of(OperationKind kind, long invoked, long returned, string verdict) => new(kind, "key", "session", "gateway", invoked, returned, verdict);
}
