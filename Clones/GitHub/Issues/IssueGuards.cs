using ControlPlane.GitHub.Http;
using ControlPlane.GitHub.Repositories;

namespace ControlPlane.GitHub.Issues;

/// <summary>What keeps an operation on issues from even looking at what was sent.</summary>
internal static class IssueGuards
{
    // Rendering Markdown is not offered, and the same JSON under these names would be a false answer.
    private static readonly string[] Rendered = ["html", "text", "full"];

    public static Answer? ToRead(Repository repository, Call call) =>
        !repository.HasIssues ? Refusals.IssuesDisabled(call.Route) : Form(call);

    public static Answer? ToWrite(Repository repository, Call call) =>
        repository.Archived ? Refusals.Archived(call.Route) : ToRead(repository, call);

    public static Answer? Form(Call call) => Rendered.Contains(call.Media.Parameter) ? Refusals.MustAcceptJson : null;
}
