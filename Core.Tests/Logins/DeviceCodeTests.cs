using ControlPlane.Credentials;

namespace ControlPlane.Logins;

/// <summary>The two codes of a device login, and the token that one of them gives.</summary>
public sealed class DeviceCodeTests
{
    [Fact]
    public void A_user_code_reads_back_however_it_is_typed()
    {
        var shown = UserCode.Create();

        Assert.Matches("^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$", shown);
        Assert.All((string[])[shown, shown.ToLowerInvariant(), shown.Replace("-", "", StringComparison.Ordinal), $" {shown.Replace("-", " ", StringComparison.Ordinal)} "], typed =>
        {
            Assert.True(UserCode.TryRead(typed, out var letters));
            Assert.Equal(shown, UserCode.Shown(letters));
        });
    }

    [Theory, InlineData(""), InlineData("BCDF-GHJ"), InlineData("BCDF-GHJKL"), InlineData("ABCD-FGHJ"), InlineData("BCDF_GHJK"), InlineData("ВСDF-GHJK")]
    public void What_is_no_user_code_is_seen(string typed) => Assert.False(UserCode.TryRead(typed, out _));

    [Fact]
    public void A_device_code_reads_back_and_always_gives_the_same_token_with_the_same_salt()
    {
        var (device, salt) = (DeviceCode.Create("BCDFGHJK"), DeviceCode.NewSalt());
        var read = DeviceCode.Read(device.Text)!;

        Assert.Equal((device.Letters, device.Digest, device.Token(salt)), (read.Letters, read.Digest, read.Token(salt)));
        Assert.True(Token.TryParse(device.Token(salt), out var kind, out _));
        Assert.Equal(CredentialKind.Login, kind);
        Assert.Equal(1_000, Enumerable.Range(0, 1_000).Select(_ => DeviceCode.Create("BCDFGHJK").Token(salt)).Distinct().Count());
        Assert.Equal(1_000, Enumerable.Range(0, 1_000).Select(_ => device.Token(DeviceCode.NewSalt())).Distinct().Count());
        Assert.DoesNotContain(device.Text, $"{device}", StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_device_code_is_seen()
    {
        var text = DeviceCode.Create("BCDFGHJK").Text;

        Assert.All(
            (string[])["", text[..^1], text + "A", text.ToLowerInvariant(), text.Replace('.', '-'), "A" + text[1..], text[..^1] + "*", text[..9] + new string('=', 43)],
            wrong => Assert.Null(DeviceCode.Read(wrong)));
    }
}
