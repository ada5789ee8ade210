namespace ControlPlane.Credentials;

/// <summary>What kind of token a credential is; stored as a word, never reused.</summary>
public enum CredentialKind
{
    /// <summary><c>archal_ws_</c>: one workspace's key.</summary>
    WorkspaceKey,

    /// <summary><c>arc_</c>: one user's token.</summary>
    Personal,

    /// <summary><c>archal_login_</c>: a user and the workspace that was active at the login.</summary>
    Login,
}
