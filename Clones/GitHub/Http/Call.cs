using System.Globalization;
using System.Text.Json;

namespace ControlPlane.GitHub.Http;

/// <summary>One request to an operation, read once. It holds nothing of the caller's credential.</summary>
internal sealed record Call(Route Route, Target Target, Links Links, MediaType Media, DateTimeOffset Now)
{
    /// <summary>What was sent; null where the operation changes nothing.</summary>
    public RequestBody? Body { get; init; }

    public Query Query { get; } = new(Target.Query);

    /// <summary>The number that ends the path.</summary>
    public int Number => int.Parse(Target.Rest[^1], CultureInfo.InvariantCulture);

    /// <summary>The refusal of a body that is not what the operation declares; null when it may go on.</summary>
    public Answer? Fault(IEnumerable<Field> fields) => Body switch
    {
        { IsObject: true } body => Shape.Faults(body.Root, fields) is { Count: > 0 } faults ? Refusals.Misshapen(Route, faults) : null,
        { IsJson: true } => Refusals.NotAnObject(Route),
        _ => Refusals.NotJson(Route),
    };

    public bool Has(string name) => Value(name) is not null;

    /// <summary>The value of a field, which may be JSON's null; C#'s null where it was not sent.</summary>
    public JsonElement? Value(string name) => Body!.Root.TryGetProperty(name, out var value) ? value : null; // After Fault.

    /// <summary>A text, or a number written as one; null where it was not sent or is null.</summary>
    public string? Text(string name) => Value(name) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        null or { ValueKind: JsonValueKind.Null } => null,
        { } other => other.GetRawText(),
    };

    /// <summary>A text as it is from now on: as it was where it was not sent, null where that or nothing was sent.</summary>
    public string? Text(string name, string? before) => !Has(name) ? before : Text(name) is { Length: > 0 } text ? text : null;

    public bool Flag(string name, bool before) => Value(name)?.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => before,
    };
}
