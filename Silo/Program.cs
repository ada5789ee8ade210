using ControlPlane;
using Microsoft.Extensions.Options;

try
{
    await SiloHost.Build(args).RunAsync();
    return 0;
}
catch (OptionsValidationException invalid)
{
    Console.Error.WriteLine($"A setting is not valid: {string.Join(" ", invalid.Failures)}");
    return 1;
}
catch (StartException problem)
{
    Console.Error.WriteLine(problem.Message);
    return 1;
}
catch (OperationCanceledException)
{
    // It was told to stop before it had begun, as while it waited for Redis.
    return 0;
}
