using System.Diagnostics;

namespace RiskWatch.Server.Benchmarks.Chaos;

/// <summary>The product as a process of its own, as a user starts it.</summary>
internal static class ProductProcess
{
    /// <summary>Starts a verb; its output and errors are to be read by the caller.</summary>
    public static Process Start(IEnumerable<string> arguments, bool pipe = false)
    {
        // A test host's own program is another one; the product lies beside it.
        var dotnet = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        var start = new ProcessStartInfo(dotnet) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = pipe, UseShellExecute = false };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "riskwatch.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
    }

    /// <summary>Runs a program to its end.</summary>
    /// <returns>What it wrote on standard output.</returns>
    /// <exception cref="InvalidOperationException">It failed; the message is what it said.</exception>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        var errors = process.StandardError.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{program} {string.Join(' ', start.ArgumentList)} failed: {await errors}");
    }

    /// <summary>Sends a signal, such as <c>STOP</c>.</summary>
    public static Task SignalAsync(int process, string signal, CancellationToken cancel) =>
        RunAsync("kill", ["-" + signal, process.ToString(System.Globalization.CultureInfo.InvariantCulture)], new Dictionary<string, string>(), cancel);
}
