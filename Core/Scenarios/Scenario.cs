using ControlPlane.Sessions;

namespace ControlPlane.Scenarios;

/// <summary>A task for an agent, and the states of the clones that it begins in.</summary>
/// <param name="Id">As <c>scenarioId</c> of a session names it; never reused for another task.</param>
/// <param name="Task">What the agent is told to do.</param>
public sealed record Scenario(string Id, string Title, string Task, IReadOnlyList<PlacedClone> Clones)
{
    private static readonly PlacedClone SmallProject = new("github", "small-project");

    /// <summary>The scenarios that are built in.</summary>
    public static IReadOnlyList<Scenario> BuiltIn { get; } =
    [
        new(
            "github-first-repository", "A first repository",
            "Create a public repository named hello-world, and open an issue in it that is titled First steps.", [new PlacedClone("github", "empty")]),
        new(
            "github-triage-bugs", "Triage of bugs",
            "In octocat/small-project, add the label help wanted to each open issue that is labelled bug. Change no other issue.", [SmallProject]),
        new(
            "github-close-question", "A question that was answered",
            "In octocat/small-project, close the open issue that asks how to set a proxy, as not planned. Change no other issue.", [SmallProject]),
    ];

    public static Scenario? Find(string id) => BuiltIn.FirstOrDefault(scenario => scenario.Id == id);

    /// <summary>The seed that it gives a clone; null: it has nothing to do with that clone.</summary>
    public string? SeedOf(string cloneName) => Clones.FirstOrDefault(clone => clone.CloneName == cloneName)?.Seed;
}
