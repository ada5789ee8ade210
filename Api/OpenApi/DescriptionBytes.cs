using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace ControlPlane.OpenApi;

/// <summary>
/// The description as it is sent, made once: nothing in it hangs on who asks, and making it is far more work than asking for it, which anybody
/// may do.
/// </summary>
internal sealed class DescriptionBytes([FromKeyedServices(DescriptionBytes.DocumentName)] IOpenApiDocumentProvider description)
{
    /// <summary>The framework's own name for the one document that there is.</summary>
    public const string DocumentName = "v1";

    private readonly Lock _gate = new();
    private Task<byte[]>? _made;

    /// <summary>Makes it, or waits for whoever makes it. One that could not be made is tried again by the next who asks.</summary>
    public Task<byte[]> GetAsync()
    {
        lock (_gate)
        {
            return _made is { IsFaulted: false } made ? made : _made = Task.Run(MakeAsync);
        }
    }

    // Nobody's call cancels it: the others who wait for it have not gone.
    private async Task<byte[]> MakeAsync()
    {
        var document = await description.GetOpenApiDocumentAsync();
        using var bytes = new MemoryStream();
        await document.SerializeAsJsonAsync(bytes, OpenApiSpecVersion.OpenApi3_1);
        return bytes.ToArray();
    }
}
