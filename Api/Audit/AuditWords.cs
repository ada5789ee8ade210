namespace ControlPlane.Audit;

/// <summary>Acts as words on the wire.</summary>
internal static class AuditWords
{
    public static string Word(this AuditAction action) => action switch
    {
        AuditAction.WorkspaceCreate => "workspace.create",
        AuditAction.WorkspaceRename => "workspace.rename",
        AuditAction.ApiKeyCreate => "api_key.create",
        AuditAction.ApiKeyRotate => "api_key.rotate",
        AuditAction.ApiKeyRevoke => "api_key.revoke",
        AuditAction.MemberInvite => "member.invite",
        AuditAction.MemberUninvite => "member.uninvite",
        AuditAction.MemberJoin => "member.join",
        AuditAction.MemberChange => "member.change",
        AuditAction.MemberRemove => "member.remove",
        AuditAction.TokenCreate => "token.create",
        AuditAction.TokenRevoke => "token.revoke",
        AuditAction.LoginApprove => "login.approve",
        AuditAction.SessionStop => "session.stop",
        AuditAction.GatewayEvict => "gateway.evict",
        AuditAction.WorkerDrain => "worker.drain",
        AuditAction.WorkerUndrain => "worker.undrain",
        AuditAction.BackupTake => "backup.take",
        _ => throw new ArgumentOutOfRangeException(nameof(action)),
    };

    public static IEnumerable<string> All => Enum.GetValues<AuditAction>().Select(Word);

    /// <summary>Reads one word, in its one spelling.</summary>
    public static AuditAction? Parse(string word) =>
        Enum.GetValues<AuditAction>().Cast<AuditAction?>().FirstOrDefault(action => action!.Value.Word() == word);
}
