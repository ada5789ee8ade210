using System.Text.Json.Nodes;
using ControlPlane.Commands;
using ControlPlane.Output;

namespace ControlPlane.Config;

/// <summary>What holds for this call, and where each of it comes from.</summary>
internal sealed class ShowConfigCommand : ArchalCommand
{
    public ShowConfigCommand(TimeProvider time)
        : base("show", "Show what is configured, and what a variable of the environment overrides.", time, "archal config show", "archal config show --profile work --json") =>
        Options.Add(CommonOptions.Json);

    protected override Task<int> RunAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        var values = invocation.Configuration.Values;
        var table = new Table("NAME", "VALUE", "FROM");
        var json = new JsonObject { ["profile"] = invocation.Profile };
        table.Add("profile", invocation.Profile, "");
        foreach (var key in ConfigKey.All)
        {
            var (value, from) = ArchalVariables.Read(key.Variable) is { } variable ? (variable, key.Variable)
                : key.Of(values) is { } configured ? (configured, invocation.Configuration.Path)
                : (null, "not configured");
            table.Add(key.Name, value ?? "-", from);
            json[key.Name] = value;
        }

        if (invocation.WantsJson)
        {
            Screen.WriteJson(json, CliJson.Default.JsonNode);
        }
        else
        {
            table.Write();
        }

        return Task.FromResult(ExitCodes.Good);
    }
}
