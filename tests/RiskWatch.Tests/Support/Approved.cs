using Xunit;

namespace RiskWatch.Tests.Support;

/// <summary>Compares with a committed file; RISKWATCH_APPROVE=1 rewrites it instead.</summary>
internal static class Approved
{
    /// <summary>The checkout that the tests were built in; not by source paths, which a CI build maps away.</summary>
    public static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "RiskWatch.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("No folder above the tests holds RiskWatch.sln.");
    }

    public static void Matches(string relativePath, string actual)
    {
        var path = Path.Combine(Root(), relativePath);
        actual = actual.ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable("RISKWATCH_APPROVE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
            return;
        }

        Assert.True(File.Exists(path), $"{relativePath} is missing; run the tests with RISKWATCH_APPROVE=1 and review it.");
        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), actual);
    }
}
