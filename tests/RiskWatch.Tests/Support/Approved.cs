using System.Runtime.CompilerServices;
using Xunit;

namespace RiskWatch.Tests.Support;

/// <summary>Compares with a committed file; RISKWATCH_APPROVE=1 rewrites it instead.</summary>
internal static class Approved
{
    public static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));

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
