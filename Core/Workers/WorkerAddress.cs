namespace ControlPlane.Workers;

/// <summary>How a host reaches one worker.</summary>
/// <param name="Control">Scheme, host and port of its control port.</param>
/// <param name="Data">Scheme, host and port of its data port, for gateways.</param>
/// <param name="Secret">The one credential that its control port takes.</param>
public sealed record WorkerAddress(Uri Control, Uri Data, string Secret)
{
    /// <summary>Without the secret, so that no log has it.</summary>
    public override string ToString() => $"{Control} (data {Data})";
}
