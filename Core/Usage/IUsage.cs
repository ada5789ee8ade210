namespace ControlPlane.Usage;

/// <summary>
/// How much a workspace was used, for each day (UTC) and each who used it. Fed by the sessions' effects and by the gateways' reports. Keyed
/// by workspace id.
/// </summary>
public interface IUsage
{
    /// <summary>Adds a report, durable when it answers. A report of a source that is not later than its last one changes nothing.</summary>
    /// <exception cref="Errors.ControlPlaneException">503: it cannot be written now; the same report may be made again.</exception>
    Task AddAsync(UsageReport report, CancellationToken cancellationToken = default);

    /// <summary>What is known of these days, both included, in order of day and name.</summary>
    Task<IReadOnlyList<UsageRow>> ReadAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken = default);
}

/// <summary>What a source has to add.</summary>
/// <param name="Source">Who reports; its reports are told apart by their number.</param>
/// <param name="Number">Larger than that of the source's report before.</param>
public sealed record UsageReport(string Source, long Number, IReadOnlyList<UsageRow> Rows);

/// <summary>How much one key or user used a workspace on one day.</summary>
/// <param name="Day">UTC; null in a report: the day on which it arrives.</param>
/// <param name="By">As histories name callers; <see cref="Others"/> stands for all whom a day has no room for.</param>
/// <param name="Sessions">Started on this day.</param>
/// <param name="SessionSeconds">Of sessions that have ended: how long they lived on this day.</param>
/// <param name="Requests">Admitted to a clone.</param>
/// <param name="BytesIn">Of bodies from callers to clones.</param>
/// <param name="BytesOut">Of bodies from clones to callers.</param>
public sealed record UsageRow(
    DateOnly? Day, string By, long Sessions = 0, long SessionSeconds = 0, long Requests = 0, long BytesIn = 0, long BytesOut = 0)
{
    public const string Others = "others";

    public UsageRow Plus(UsageRow more) => this with
    {
        Sessions = Sessions + more.Sessions,
        SessionSeconds = SessionSeconds + more.SessionSeconds,
        Requests = Requests + more.Requests,
        BytesIn = BytesIn + more.BytesIn,
        BytesOut = BytesOut + more.BytesOut,
    };
}

/// <summary>One entry of a workspace's log of usage.</summary>
/// <param name="At">When it arrived.</param>
/// <param name="Sources">The number of the last report of each of these sources.</param>
/// <param name="Whole">Each row is all there is of its day and name so far; else it is added to that.</param>
public sealed record UsageEntry(
    DateTimeOffset At, IReadOnlyDictionary<string, long> Sources, IReadOnlyList<UsageRow> Rows, bool Whole = false);
