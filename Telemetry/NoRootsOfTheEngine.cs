using System.Diagnostics;
using OpenTelemetry;

namespace ControlPlane;

/// <summary>
/// Leaves out the traces that the engine of the cluster would begin by itself: each renewal of a lease and each heartbeat, many more than
/// requests on a quiet day. What belongs to somebody's request stays.
/// </summary>
internal sealed class NoRootsOfTheEngine : BaseProcessor<Activity>
{
    public override void OnStart(Activity data)
    {
        if (data.Parent is null && data.ParentId is null && data.Source.Name.StartsWith("Microsoft.Orleans", StringComparison.Ordinal))
        {
            // Before anything begins below it: what does inherits this.
            data.IsAllDataRequested = false;
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }
}
