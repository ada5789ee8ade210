namespace ControlPlane.Gateways;

/// <summary>The two URL forms of a clone (contract 1.2). Both always work; one of them is advertised.</summary>
public enum CloneForm
{
    /// <summary><c>https://&lt;session&gt;.&lt;clone domain&gt;/&lt;clone&gt;/…</c></summary>
    Host,

    /// <summary><c>https://&lt;public host&gt;/runtime/&lt;session&gt;/&lt;clone&gt;/…</c></summary>
    Path,
}
