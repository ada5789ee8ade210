namespace ControlPlane.Usage;

/// <summary>How much a workspace was used over some days (UTC), both ends included.</summary>
public sealed record WorkspaceUsage(string WorkspaceId, DateOnly From, DateOnly To, UsageTotals Total, IReadOnlyList<DayUsage> Days);

/// <param name="Sessions">Started.</param>
/// <param name="SessionMinutes">Of sessions that have ended: how long they lived.</param>
/// <param name="Requests">Admitted to a clone.</param>
/// <param name="BytesIn">Of bodies from callers to clones.</param>
/// <param name="BytesOut">Of bodies from clones to callers.</param>
public sealed record UsageTotals(long Sessions, double SessionMinutes, long Requests, long BytesIn, long BytesOut);

/// <summary>One day, of which something is known.</summary>
public sealed record DayUsage(DateOnly Day, UsageTotals Total, IReadOnlyList<KeyUsage> Keys);

/// <param name="By"><c>key:…</c>, <c>user:…</c>, or <c>others</c> for all whom the day had no room for.</param>
public sealed record KeyUsage(string By, UsageTotals Total);
