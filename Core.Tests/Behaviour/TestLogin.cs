using ControlPlane.Authorization;
using ControlPlane.Credentials;
using ControlPlane.Logins;

namespace ControlPlane.Behaviour;

/// <summary>A login as its device knows it: it has its code, and asks for the rest.</summary>
internal sealed record TestLogin(World World, DeviceCode Device)
{
    public ILogin Entity => World.Host.Entities.Login(UserCode.Key(Device.Letters));

    public async Task<LoginAnswer> AskAsync() => await World.UntilAsync(AskAtOnceAsync());

    public async Task<LoginAnswer> AskAtOnceAsync() => await Entity.PollAsync(Device.Digest) is var answer && answer.Salt is { } salt
        ? await Entity.ClaimAsync(Device.Digest, LoginToken.Of(Device.Token(salt)))
        : answer;

    public async Task<LoginStanding> PollAsync() => (await AskAsync()).Standing;

    public async Task<LoginToken> TokenAsync() => LoginToken.Of(Device.Token((await World.UntilAsync(Entity.PollAsync(Device.Digest))).Salt!));

    public Task<LoginView?> DescribeAsync() => World.UntilAsync(Entity.DescribeAsync());

    public Task<bool> DecideAsync(Caller caller, bool approve) => World.UntilAsync(Entity.DecideAsync(caller, approve));

    public Task<CredentialView?> CredentialAsync(LoginToken token) =>
        World.UntilAsync(World.Host.Entities.Credential(token.CredentialId).DescribeAsync(World.WorkspaceId));

    /// <summary>One that waits for a decision.</summary>
    public static async Task<TestLogin> BeginAsync(World world, string name = "a laptop")
    {
        UserCode.TryRead(UserCode.Create(), out var letters);
        var begun = new TestLogin(world, DeviceCode.Create(letters));
        Assert.True(await world.UntilAsync(begun.Entity.BeginAsync(new NewLogin(begun.Device.Digest, name, "192.0.2.7"))));
        return begun;
    }
}
