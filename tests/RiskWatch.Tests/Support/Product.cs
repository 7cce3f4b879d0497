using System.Diagnostics;

namespace RiskWatch.Tests.Support;

/// <summary>The product as a process of its own, as a user starts it.</summary>
internal static class Product
{
    private static string Program => Path.Combine(AppContext.BaseDirectory, "riskwatch.dll");

    /// <summary>Runs a verb to its end.</summary>
    public static async Task<(int Code, string Output, string Errors)> RunAsync(CancellationToken cancel, params IEnumerable<string> arguments)
    {
        using var process = Start(arguments);
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        var errors = process.StandardError.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        return (process.ExitCode, await output, await errors);
    }

    /// <summary>Starts a verb and ends it with kill -9 after <paramref name="life"/>, unless it ends before.</summary>
    /// <returns>The exit code where it ended by itself, null where it was killed; and what it said.</returns>
    public static async Task<(int? Code, string Errors)> KillAsync(TimeSpan life, CancellationToken cancel, params IEnumerable<string> arguments)
    {
        using var process = Start(arguments);
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        var errors = process.StandardError.ReadToEndAsync(cancel);
        var ended = process.WaitForExitAsync(cancel);
        var killed = await Task.WhenAny(ended, Task.Delay(life, TimeProvider.System, cancel)) != ended;
        if (killed)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(cancel);
        }

        await output;
        return (killed ? null : process.ExitCode, await errors);
    }

    public static Process Start(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(Program);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
    }
}
