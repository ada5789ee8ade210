using ControlPlane.Leases;
using ControlPlane.Sessions;

namespace ControlPlane.Gateways;

/// <summary>A gateway's shares of one session's budget: the one it uses, and what it answered when others were taken back (protocol 19).</summary>
internal sealed class HeldBudget
{
    /// <summary>How many answers to recalls are remembered; an owner asks again only about shares that are still open.</summary>
    private const int Remembered = 16;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _asking = new(1, 1);
    private readonly Dictionary<long, int> _closed = [];
    private long _number;
    private int _left;
    private bool _spent;

    /// <summary>Whether the owner has said that nothing is left; final.</summary>
    public bool IsSpent => Volatile.Read(ref _spent);

    /// <summary>
    /// Takes one request out of the budget, asking the owner for a share when there is none. False: it is spent, for ever, or the request was
    /// cut while it waited, which takes nothing.
    /// </summary>
    /// <param name="takeAsync">Asks the owner; it is told the number of the share that is done with, and what was left of it.</param>
    public async ValueTask<bool> TakeAsync(
        InFlight request, Func<long, int, CancellationToken, Task<BudgetShare?>> takeAsync, CancellationToken cancellationToken)
    {
        while (!TryTake(request, out var never))
        {
            if (never)
            {
                return false;
            }

            await _asking.WaitAsync(cancellationToken);
            try
            {
                if (NeedsShare(out var done, out var unused))
                {
                    Install(await takeAsync(done, unused, cancellationToken));
                }
            }
            finally
            {
                _asking.Release();
            }
        }

        return true;
    }

    /// <summary>Closes a share and says what was left of it; asked again it says the same. One not yet received will not be used.</summary>
    public int Close(Recall recall)
    {
        lock (_gate)
        {
            if (_closed.TryGetValue(recall.Share, out var said))
            {
                return said;
            }

            var unused = recall.Share == _number ? _left : recall.Share > _number ? int.MaxValue : 0;
            _left = recall.Share == _number ? 0 : _left;
            if (_closed.Count == Remembered)
            {
                _closed.Remove(_closed.Keys.Min());
            }

            return _closed[recall.Share] = unused;
        }
    }

    /// <summary>Closes the share that is open, which from now on gives nothing; null when nothing is left of it.</summary>
    public (long Number, int Unused)? CloseOpen()
    {
        lock (_gate)
        {
            if (_left == 0)
            {
                return null;
            }

            var open = (_number, _left);
            (_closed[_number], _left) = (_left, 0);
            return open;
        }
    }

    private bool TryTake(InFlight request, out bool never)
    {
        lock (_gate)
        {
            never = _spent || request.CutBecause is not null;
            if (never || _left == 0)
            {
                return false;
            }

            _left--;
            return true;
        }
    }

    private bool NeedsShare(out long done, out int unused)
    {
        lock (_gate)
        {
            done = _number;
            unused = _closed.GetValueOrDefault(_number);
            return _left == 0 && !_spent;
        }
    }

    private void Install(BudgetShare? share)
    {
        lock (_gate)
        {
            if (share is null)
            {
                _spent = true;
            }
            else if (share.Number > _number && !_closed.ContainsKey(share.Number))
            {
                (_number, _left) = (share.Number, share.Requests);
            }
        }
    }
}
