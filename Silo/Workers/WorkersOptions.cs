using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Options;

namespace ControlPlane.Workers;

/// <summary>Which clone workers may join (contract 2.6).</summary>
public sealed class WorkersOptions
{
    public const string Section = "Workers";

    /// <summary>What a worker shows to register. There is no default: a cluster that anyone may join would hand out its sessions.</summary>
    [Required, MinLength(16)]
    public string JoinToken { get; set; } = "";

    /// <summary>The networks that workers register from, as <c>10.0.0.0/8</c>. Default: the loopback alone.</summary>
    public IReadOnlyList<string> AllowedNetworks { get; set; } = [];

    /// <summary>The networks as read; the loopback when none is given.</summary>
    public IReadOnlyList<IPNetwork> Networks() =>
        [.. (AllowedNetworks.Count > 0 ? AllowedNetworks : ["127.0.0.0/8", "::1/128"]).Select(text => IPNetwork.Parse(text))];

    /// <summary>How often a worker says that it is there: several times within the silence after which it is passed over. Default: 3 s.</summary>
    [Range(1, 10)]
    public int BeatSeconds { get; set; } = 3;
}

/// <summary>At the start: each network can be read.</summary>
internal sealed class WorkersOptionsCheck : IValidateOptions<WorkersOptions>
{
    public ValidateOptionsResult Validate(string? name, WorkersOptions options) =>
        options.AllowedNetworks.FirstOrDefault(text => !IPNetwork.TryParse(text, out _)) is { } fault
            ? ValidateOptionsResult.Fail($"{WorkersOptions.Section}:AllowedNetworks: {fault} is not a network such as 10.0.0.0/8.")
            : ValidateOptionsResult.Success;
}
