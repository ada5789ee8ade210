using ControlPlane;
using Microsoft.Extensions.Options;

try
{
    await GatewayHost.Build(args).RunAsync();
    return 0;
}
catch (OptionsValidationException invalid)
{
    Console.Error.WriteLine($"A setting is not valid: {string.Join(" ", invalid.Failures)}");
    return 1;
}
