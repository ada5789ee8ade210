using Microsoft.Extensions.Options;

namespace ControlPlane.Gateways;

/// <summary>Says at start what is wrong with the section <c>Gateway</c>, where attributes cannot.</summary>
internal sealed class GatewayOptionsCheck : IValidateOptions<GatewayOptions>
{
    public ValidateOptionsResult Validate(string? name, GatewayOptions options) =>
        options.Fault() is { } fault ? ValidateOptionsResult.Fail(fault) : ValidateOptionsResult.Success;
}
