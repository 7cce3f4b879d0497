using System.Xml.Linq;
using RiskWatch.Tests.Support;
using Xunit;

namespace RiskWatch.Tests.House;

/// <summary>The house of STYLE §2: references go one way, packages stay where they belong, every path a README names exists.</summary>
public sealed class ReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["RiskWatch.Contracts"] = [],
        ["RiskWatch.Core"] = ["RiskWatch.Contracts"],
        ["RiskWatch.Ingestion"] = ["RiskWatch.Core"],
        ["RiskWatch.Classification"] = ["RiskWatch.Core"],
        ["RiskWatch.Alerting"] = ["RiskWatch.Core"],
        ["RiskWatch.Indexing"] = ["RiskWatch.Core"],
        ["RiskWatch.Notification"] = ["RiskWatch.Core"],
        ["RiskWatch.Web"] = ["RiskWatch.Core"],
        ["RiskWatch.Adapters"] = ["RiskWatch.Core"],
        ["RiskWatch.Server"] = ["RiskWatch.Ingestion", "RiskWatch.Classification", "RiskWatch.Alerting", "RiskWatch.Indexing", "RiskWatch.Notification", "RiskWatch.Web", "RiskWatch.Adapters"],
    };

    private static readonly Dictionary<string, string> Homes = new()
    {
        ["Microsoft.ML"] = "RiskWatch.Classification",
        ["Microsoft.ML.OnnxRuntime"] = "RiskWatch.Classification",
        ["Microsoft.ML.Tokenizers"] = "RiskWatch.Classification",
        ["Confluent.Kafka"] = "RiskWatch.Adapters",
        ["Microsoft.Data.Sqlite"] = "RiskWatch.Adapters",
        ["MudBlazor"] = "RiskWatch.Web",
        ["Serilog.AspNetCore"] = "RiskWatch.Server",
        ["System.CommandLine"] = "RiskWatch.Server",
    };

    public static TheoryData<string> Projects() => [.. Allowed.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void References_go_one_way(string project)
    {
        var references = Project(project).Descendants("ProjectReference").Select(e => Path.GetFileNameWithoutExtension((string)e.Attribute("Include")!.Value)).ToArray();

        Assert.Equal([], references.Except(Allowed[project]));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Packages_stay_in_their_home(string project)
    {
        var packages = Project(project).Descendants("PackageReference").Select(e => e.Attribute("Include")!.Value);

        Assert.Equal([], packages.Where(p => Homes.TryGetValue(p, out var home) && home != project));
    }

    [Fact]
    public void Contracts_need_no_package() => Assert.Empty(Project("RiskWatch.Contracts").Descendants("PackageReference"));

    [Fact]
    public void Every_listed_package_is_used()
    {
        var listed = XDocument.Load(Path.Combine(Approved.Root(), "Directory.Packages.props")).Descendants("ItemGroup")
            .Where(g => g.Attribute("Label")?.Value.StartsWith("transitive", StringComparison.Ordinal) != true)
            .Descendants("PackageVersion").Select(e => e.Attribute("Include")!.Value);
        var used = Files("*.csproj").Append(Path.Combine(Approved.Root(), "Directory.Build.props"))
            .SelectMany(f => XDocument.Load(f).Descendants("PackageReference").Select(e => e.Attribute("Include")!.Value)).ToHashSet();

        Assert.Equal([], listed.Where(p => !used.Contains(p)));
    }

    [Fact]
    public void Every_path_that_a_README_names_exists()
    {
        var missing = Files("README.md").SelectMany(readme => Paths(File.ReadAllText(readme))
            .Where(path => !Exists(readme, path)).Select(path => $"{Path.GetRelativePath(Approved.Root(), readme)}: {path}"));

        Assert.Equal([], missing);
    }

    [Fact]
    public void The_top_level_holds_what_was_agreed()
    {
        string[] folders = ["services", "contracts", "tests", "infra"];
        var found = Directory.GetDirectories(Approved.Root()).Select(d => Path.GetFileName(d)!).Where(d => !d.StartsWith('.') && d is not ("artifacts" or "data" or "TestResults"));

        Assert.Equal(folders.Order(), found.Order());
    }

    private static XDocument Project(string name) => XDocument.Load(Files(name + ".csproj").Single());

    private static IEnumerable<string> Files(string pattern) => new[] { "services", "contracts", "tests", "infra", "." }
        .SelectMany(folder => Directory.GetFiles(Path.Combine(Approved.Root(), folder), pattern, folder == "." ? SearchOption.TopDirectoryOnly : SearchOption.AllDirectories))
        .Select(Path.GetFullPath).Where(f => !f.Contains("/node_modules/", StringComparison.Ordinal)).Distinct();

    private static IEnumerable<string> Paths(string text) => text.Split('`').Where((_, i) => i % 2 == 1)
        .Where(code => !code.Contains(' ', StringComparison.Ordinal) && !code.Contains("://", StringComparison.Ordinal) && !code.StartsWith('/')
            && !code.StartsWith("../", StringComparison.Ordinal) && !code.Contains('*', StringComparison.Ordinal)
            && !code.Contains('<', StringComparison.Ordinal) && (code.EndsWith('/') || code.EndsWith(".cs", StringComparison.Ordinal) || code.EndsWith(".sh", StringComparison.Ordinal)
                || code.EndsWith(".md", StringComparison.Ordinal) || code.EndsWith(".json", StringComparison.Ordinal) || code.EndsWith(".yaml", StringComparison.Ordinal))
            && code.Contains('/', StringComparison.Ordinal));

    private static bool Exists(string readme, string path) => new[] { Path.GetDirectoryName(readme)!, Approved.Root() }
        .Any(start => Path.Exists(Path.Combine(start, path.TrimEnd('/'))));
}
