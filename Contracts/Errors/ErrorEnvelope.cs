namespace ControlPlane.Errors;

/// <summary>The body of every answer of ours that is not a success.</summary>
/// <param name="Error">One sentence: what happened.</param>
/// <param name="Code">The word that a program compares; see contract 2.4.</param>
/// <param name="Message">What happened, to what, and what to do.</param>
/// <param name="Detail">More for a person, when there is more.</param>
public sealed record ErrorEnvelope(string Error, string Code, string Message, string? Detail = null);
