
namespace RiskWatch.AdapterTests;

/// <summary>Servers that a test needs: skipped with the reason where the environment names none, failed where RISKWATCH_REQUIRE says it must be there.</summary>
internal static class Requirement
{
    public static string Server(string variable, string name)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } address)
        {
            return address;
        }

        var required = (Environment.GetEnvironmentVariable("RISKWATCH_REQUIRE") ?? "").Split(',', StringSplitOptions.TrimEntries);
        Assert.False(required.Contains(name), $"RISKWATCH_REQUIRE asks for {name}, but {variable} is not set.");
        Assert.Skip($"{variable} is not set: no {name} to test against.");
        return "";
    }
}
