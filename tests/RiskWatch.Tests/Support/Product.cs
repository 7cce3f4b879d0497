using System.Diagnostics;
using RiskWatch.Server.Benchmarks.Chaos;

namespace RiskWatch.Tests.Support;

/// <summary>The product as a process of its own, as a user starts it.</summary>
internal static class Product
{
    /// <summary>Runs a verb to its end.</summary>
    public static async Task<(int Code, string Output, string Errors)> RunAsync(CancellationToken cancel, params IEnumerable<string> arguments)
    {
        using var process = Start(arguments);
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        var errors = process.StandardError.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        return (process.ExitCode, await output, await errors);
    }

    /// <summary>Runs a verb to its end with something on standard input.</summary>
    public static async Task<(int Code, string Output, string Errors)> PipeAsync(byte[] input, CancellationToken cancel, params IEnumerable<string> arguments)
    {
        using var process = Start(arguments, pipe: true);
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        var errors = process.StandardError.ReadToEndAsync(cancel);
        await process.StandardInput.BaseStream.WriteAsync(input, cancel);
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancel);
        return (process.ExitCode, await output, await errors);
    }

    /// <summary>Runs a verb until it says something on standard error, then ends it with kill -9.</summary>
    /// <returns>What it said; the words are in it unless it ended before.</returns>
    public static async Task<string> UntilItSaysAsync(string words, CancellationToken cancel, params IEnumerable<string> arguments)
    {
        using var process = Start(arguments);
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        var said = new System.Text.StringBuilder();
        while (await process.StandardError.ReadLineAsync(cancel) is { } line)
        {
            said.AppendLine(line);
            if (line.Contains(words, StringComparison.Ordinal))
            {
                break;
            }
        }

        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(cancel);
        await output;
        return said.ToString();
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

    public static Process Start(IEnumerable<string> arguments, bool pipe = false) => ProductProcess.Start(arguments, pipe);
}
