namespace ControlPlane.Workspaces;

/// <summary><see cref="IWorkspace"/> on Orleans, under the same key.</summary>
[Alias("workspace")]
public interface IWorkspaceGrain : IWorkspace, IGrainWithStringKey;
