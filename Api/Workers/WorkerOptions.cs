using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Options;

namespace ControlPlane.Workers;

/// <summary>Which clone workers may register (contract 2.6).</summary>
public sealed class WorkerOptions
{
    public const string Section = WorkerPoolOptions.Section;

    /// <summary>The fewest characters of a join token: a short one could be guessed.</summary>
    public const int ShortestToken = 16;

    /// <summary>
    /// What a worker shows to register. There is no default, and without it nobody can register: whoever may is given sessions and the
    /// requests that callers send to them.
    /// </summary>
    [MinLength(ShortestToken)]
    public string? JoinToken { get; set; }

    /// <summary>
    /// The networks that workers call from and are called in, as <c>10.0.0.0/8</c>. Wider lets more machines register; none but these can,
    /// with whatever token. Default: the loopback alone.
    /// </summary>
    public IList<string> AllowedNetworks { get; } = [];

    /// <summary>
    /// How often a worker says how it is. More often notices a silent one no sooner than <c>SilentAfter</c>, of which it must be a small
    /// part; less often counts placements late, and a pool whose silo has died knows its workers later. Default: 2 s.
    /// </summary>
    [Range(1, 10)]
    public int BeatSeconds { get; set; } = 2;
}

/// <summary>At the start: each network can be read.</summary>
internal sealed class WorkerOptionsCheck : IValidateOptions<WorkerOptions>
{
    public ValidateOptionsResult Validate(string? name, WorkerOptions options) =>
        options.AllowedNetworks.FirstOrDefault(text => !IPNetwork.TryParse(text, out _)) is { } fault
            ? ValidateOptionsResult.Fail($"{WorkerOptions.Section}:{nameof(options.AllowedNetworks)}: {fault} is not a network such as 10.0.0.0/8.")
            : ValidateOptionsResult.Success;
}
