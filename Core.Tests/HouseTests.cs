using System.Reflection;
using System.Xml.Linq;

namespace ControlPlane;

/// <summary>The house rules that a compiler does not hold.</summary>
public sealed class HouseTests
{
    private static readonly string[] Tests = ["Core.Tests", "Proxy.Tests", "Clones.Tests", "Standalone.Tests", "Grains.Tests"];

    [Theory]
    [InlineData("Core"), InlineData("Contracts")]
    [InlineData("Proxy", "Core", "Contracts"), InlineData("Api", "Core", "Contracts")]
    [InlineData("Cli", "Contracts"), InlineData("Clones", "Contracts", "Limits", "Telemetry")]
    [InlineData("Limits", "Contracts"), InlineData("Telemetry")]
    public void References_point_one_way(string project, params string[] allowed) =>
        Assert.Empty(References(project).Except(allowed));

    [Fact]
    public void Core_and_contracts_need_no_package_and_no_framework_but_the_runtime()
    {
        foreach (var project in (string[])["Core", "Contracts"])
        {
            Assert.Empty(Read(project).Descendants("PackageReference"));
            Assert.Empty(Read(project).Descendants("FrameworkReference"));
        }
    }

    [Fact]
    public void Nobody_references_a_test() => Assert.All(
        Directory.EnumerateDirectories(Root).Select(Path.GetFileName).OfType<string>().Where(name => File.Exists(Project(name))),
        name => Assert.Empty(References(name).Intersect(Tests)));

    [Fact]
    public void Core_does_no_input_or_output()
    {
        var used = typeof(Records.ILog).Assembly.GetReferencedAssemblies().Select(name => name.Name!).ToList();

        Assert.Contains("System.Runtime", used);
        Assert.DoesNotContain(used, name => name.StartsWith("Microsoft.", StringComparison.Ordinal) || name.StartsWith("Orleans", StringComparison.Ordinal)
            || name is "System.Net.Http" or "System.Net.Sockets" or "System.Data.Common" or "System.Diagnostics.Process");
        Assert.All(Directory.EnumerateFiles(Path.Combine(Root, "Core"), "*.cs", SearchOption.AllDirectories).Where(IsSource), file =>
            Assert.DoesNotMatch(@"\b(File|Directory|HttpClient|Socket|Console)\.|System\.IO\.|System\.Net\.Http", File.ReadAllText(file)));
    }

    [Fact]
    public void Whatever_an_entity_answers_can_be_waited_for_and_given_up()
    {
        var contracts = typeof(Entities.IEntities).GetProperties().Select(property => property.PropertyType)
            .Concat(typeof(Entities.IEntities).GetMethods().Select(method => method.ReturnType)).Distinct().ToList();

        Assert.Contains(typeof(Sessions.ISession), contracts);
        Assert.All(contracts.SelectMany(contract => contract.GetMethods()), method =>
        {
            Assert.True(typeof(Task).IsAssignableFrom(method.ReturnType), $"{method.DeclaringType}.{method.Name}");
            Assert.True(method.GetParameters().LastOrDefault() is { } last && last.ParameterType == typeof(CancellationToken) && last.HasDefaultValue,
                $"{method.DeclaringType}.{method.Name} takes a token, last and optional");
        });
    }

    private static string Root { get; } = FindRoot();

    private static IEnumerable<string> References(string project) => Read(project).Descendants("ProjectReference")
        .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));

    private static XDocument Read(string project) => XDocument.Load(Project(project));

    private static string Project(string name) => Path.Combine(Root, name, $"{name}.csproj");

    private static bool IsSource(string file) => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj");

    private static string FindRoot()
    {
        var folder = Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location);
        while (folder is not null && !File.Exists(Path.Combine(folder, "ControlPlane.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("The tests do not run inside of the house.");
    }
}
