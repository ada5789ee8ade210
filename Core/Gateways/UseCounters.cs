using ControlPlane.Usage;

namespace ControlPlane.Gateways;

/// <summary>What ran through a gateway on one credential in one workspace, since it was last reported. Counting allocates nothing.</summary>
internal sealed class UseCounters(string workspaceId, string credentialId, string by)
{
    private long _requests;
    private long _bytesIn;
    private long _bytesOut;

    public string WorkspaceId => workspaceId;

    public string CredentialId => credentialId;

    /// <summary>Who it was, as histories name callers.</summary>
    public string By => by;

    /// <summary>How many times in a row there was nothing to report.</summary>
    public int Idle { get; set; }

    /// <summary>Whether the table has others by now: whoever holds these looks there again.</summary>
    public bool IsLeft { get; set; }

    public void CountRequest() => Interlocked.Increment(ref _requests);

    public void Moved(long bytes, bool fromCaller)
    {
        if (bytes > 0)
        {
            Interlocked.Add(ref fromCaller ? ref _bytesIn : ref _bytesOut, bytes);
        }
    }

    /// <summary>What was counted since this was last asked; null: nothing.</summary>
    public UsageRow? Take()
    {
        var (requests, bytesIn, bytesOut) = (
            Interlocked.Exchange(ref _requests, 0), Interlocked.Exchange(ref _bytesIn, 0), Interlocked.Exchange(ref _bytesOut, 0));
        return (requests | bytesIn | bytesOut) == 0 ? null : new UsageRow(null, by, 0, 0, requests, bytesIn, bytesOut);
    }
}
