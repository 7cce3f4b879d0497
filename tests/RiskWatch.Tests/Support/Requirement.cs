using Xunit;

namespace RiskWatch.Tests.Support;

/// <summary>What a test needs and a plain clone may lack: skipped with the reason, or failed where RISKWATCH_REQUIRE says it must be there.</summary>
internal static class Requirement
{
    /// <summary>Long proofs run only where RISKWATCH_LONG=1, as <c>.ci/run</c> sets it.</summary>
    public static void Long()
    {
        if (Environment.GetEnvironmentVariable("RISKWATCH_LONG") != "1")
        {
            Assert.Skip("A proof of minutes: it runs where RISKWATCH_LONG=1, as .ci/run sets it.");
        }
    }

    /// <summary>The address of a server.</summary>
    public static string Server(string variable, string name)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } address)
        {
            return address;
        }

        Missing(name, $"{variable} is not set: no {name} to test against.");
        return "";
    }

    /// <summary>Skips, or fails where it is required.</summary>
    public static void Missing(string name, string reason)
    {
        var required = (Environment.GetEnvironmentVariable("RISKWATCH_REQUIRE") ?? "").Split(',', StringSplitOptions.TrimEntries);
        Assert.False(required.Contains(name), $"RISKWATCH_REQUIRE asks for {name}. {reason}");
        Assert.Skip(reason);
    }
}
