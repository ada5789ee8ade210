namespace ControlPlane.Journals;

/// <summary>The ledger takes no more changes: what it kept has been ended.</summary>
internal sealed class LedgerClosedException() : InvalidOperationException("The ledger is closed.")
{
    internal static void ThrowIf(bool closed)
    {
        if (closed)
        {
            throw new LedgerClosedException();
        }
    }
}
