namespace ControlPlane.Scenarios;

/// <summary>The scenarios that a session can be started for here.</summary>
public sealed record ScenarioList(IReadOnlyList<ScenarioEntry> Scenarios);

/// <summary>A task for an agent, and the states of the clones that it begins in.</summary>
/// <param name="Id">Pass it as <c>scenarioId</c> when a session is created: its clones then start from these seeds.</param>
/// <param name="Task">What the agent is told to do.</param>
/// <param name="Seeds">Clone name → seed.</param>
public sealed record ScenarioEntry(string Id, string Title, string Task, IReadOnlyList<string> Clones, IReadOnlyDictionary<string, string> Seeds);
