namespace ControlPlane.Workers;

/// <summary>How a worker joins a cluster.</summary>
public sealed record JoinOptions
{
    /// <summary>The silos' internal listeners; any one of them will do.</summary>
    public required IReadOnlyList<Uri> Silos { get; init; }

    /// <summary>What is shown to register.</summary>
    public required string Token { get; init; }

    /// <summary>Where gateways reach the data port; null: where it listens.</summary>
    public Uri? AdvertiseData { get; init; }

    /// <summary>Where the control plane reaches the control port; null: where it listens.</summary>
    public Uri? AdvertiseControl { get; init; }
}

/// <summary>The control plane will not have this worker, and asking again would not help.</summary>
public sealed class JoinRefusedException(string message) : Exception(message);
