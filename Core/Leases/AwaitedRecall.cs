namespace ControlPlane.Leases;

/// <summary>A recall whose acknowledgement an owner waits for.</summary>
internal sealed class AwaitedRecall(Recall recall)
{
    public Recall Recall => recall;

    public TaskCompletionSource<RecallAnswer?> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The recall is in the record, or was.</summary>
    public bool IsSaved { get; set; }

    /// <summary>
    /// A recall leaves an open record only by acknowledgement: if it is not there any more, it was acknowledged to another activation.
    /// What was left of a share only that one has heard, so a share is asked for again.
    /// </summary>
    public void LookFor(GatewayState state)
    {
        if (!IsSaved || state.Over || state.Holds(recall))
        {
            return;
        }

        if (recall.Kind == RecallKind.Drop)
        {
            Done.TrySetResult(new RecallAnswer("", recall.Kind, recall.Subject, recall.Version));
        }
        else
        {
            Done.TrySetException(new InvalidOperationException("The recall was acknowledged to another activation."));
        }
    }
}
