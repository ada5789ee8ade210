using ControlPlane.Entities;
using ControlPlane.Errors;
using ControlPlane.Leases;
using ControlPlane.Records;

namespace ControlPlane.Sessions;

/// <summary>Gives a session's request budget to gateways in shares, and takes back what others do not use before it says "spent".</summary>
internal sealed class SessionBudget(string id, IEntityHost host, LeaseOptions leases, Record<SessionState> record)
{
    public async Task<BudgetShare?> TakeAsync(string reader, long spent, int unused, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (share, others) = await record.ChangeAsync((state, _) => Give(state, reader, spent, unused), cancellationToken);
            if (share is not null || others.Count == 0)
            {
                return share;
            }

            await Task.WhenAll(others.Select(TakeBackAsync)).WaitAsync(cancellationToken);
        }
    }

    /// <summary>Takes back a share that its gateway has closed.</summary>
    public Task ReturnAsync(string reader, long number, int unused, CancellationToken cancellationToken) => record.ChangeAsync(
        (state, _) => state?.Budget is { } budget && budget.HeldBy(reader)?.Number == number
            ? Decision<SessionState, bool>.Save(state with { Budget = budget.Closed(number, unused) }, true)
            : Decision<SessionState, bool>.Keep(true),
        cancellationToken);

    /// <summary>A share, or the shares of others to take back first, or neither: then the budget is spent.</summary>
    /// <exception cref="ControlPlaneException">The session is over.</exception>
    private static Decision<SessionState, (BudgetShare? Share, IReadOnlyList<OpenShare> Others)> Give(
        SessionState? state, string reader, long spent, int unused)
    {
        // Its gateway may not have heard of the end yet, and "spent" would be for ever there.
        if (state is { IsOpen: false })
        {
            throw new ControlPlaneException(state.Status == SessionStatus.Failed ? Refusals.Failed(state.LastError) : Refusals.Ended);
        }

        if (state is not { Status: SessionStatus.Running, Budget: { } budget })
        {
            return Decision<SessionState, (BudgetShare?, IReadOnlyList<OpenShare>)>.Keep((null, []));
        }

        // A share that the gateway has done with is closed; one whose answer was lost is given again, as the same share.
        var next = budget.HeldBy(reader) is { } held && held.Number <= spent ? budget.Closed(held.Number, held.Number == spent ? unused : 0) : budget;
        if (next.HeldBy(reader) is { } same)
        {
            return Decision<SessionState, (BudgetShare?, IReadOnlyList<OpenShare>)>.Keep((new BudgetShare(same.Number, same.Requests), []));
        }

        if (next.Free > 0)
        {
            var (given, share) = next.Give(reader);
            return Decision<SessionState, (BudgetShare?, IReadOnlyList<OpenShare>)>.Save(
                state with { Budget = given }, (new BudgetShare(share.Number, share.Requests), []));
        }

        return next == budget
            ? Decision<SessionState, (BudgetShare?, IReadOnlyList<OpenShare>)>.Keep((null, next.Open))
            : Decision<SessionState, (BudgetShare?, IReadOnlyList<OpenShare>)>.Save(state with { Budget = next }, (null, next.Open));
    }

    private async Task TakeBackAsync(OpenShare share)
    {
        // A gateway whose lease is over says nothing any more: its share counts as used.
        var recall = new Recall(RecallKind.Share, Subject.Session(id), 0, Share: share.Number);
        var (answer, _) = await PersistentRecall.AskAsync(host, leases, share.Reader, recall);
        await record.ChangeAsync(
            (state, _) => state?.Budget is { } budget && budget.Open.Contains(share)
                ? Decision<SessionState, bool>.Save(state with { Budget = budget.Closed(share.Number, answer?.Unused ?? 0) }, true)
                : Decision<SessionState, bool>.Keep(true));
    }
}
