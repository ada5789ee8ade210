using System.Text.RegularExpressions;
using ControlPlane.Gateways;
using FsCheck;
using FsCheck.Fluent;

namespace ControlPlane.Targets;

/// <summary>What holds for every target: it is refused, or what is authorized and what is forwarded are the caller's bytes.</summary>
public sealed partial class TargetReaderProperties
{
    private static readonly TargetReader Reader = new(new GatewayOptions { CloneDomain = "clones.example" });

    [Theory]
    [InlineData("ses-1.clones.example", "", 20_000)]
    [InlineData("localhost", "/runtime/", 20_000)]
    public void An_accepted_target_is_its_ids_and_then_the_callers_bytes(string host, string prefix, int targets)
    {
        Prop.ForAll(Arb.From(RawTargets.Any), raw =>
        {
            var target = Reader.Read(raw, host);
            if (!target.IsClone)
            {
                return;
            }

            var ids = prefix.Length == 0 ? $"/{target.CloneName}" : $"{prefix}{target.SessionId}/{target.CloneName}";
            Assert.StartsWith(prefix, raw, StringComparison.Ordinal);
            Assert.Equal(ids, raw[..target.Start], ignoreCase: true);
            Assert.Equal(ids, ids.ToLowerInvariant());
            Assert.Matches(Forwarded(), raw[target.Start..]);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(targets));
    }

    [Fact]
    public void No_reading_of_an_accepted_path_leaves_it()
    {
        Prop.ForAll(Arb.From(RawTargets.Any), raw =>
        {
            var target = Reader.Read(raw, "ses-1.clones.example");
            if (!target.IsClone)
            {
                return;
            }

            // However a server behind us reads the path (decoding it, turning backslashes), there is no step up in it.
            var path = raw[target.Start..].Split('?')[0];
            Assert.DoesNotContain(Uri.UnescapeDataString(path).Split('/', '\\'), segment => segment is "." or "..");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));
    }

    [GeneratedRegex(@"\A/(api|mcp)(?:[/?][!-~]*)?\z")]
    private static partial Regex Forwarded();
}
