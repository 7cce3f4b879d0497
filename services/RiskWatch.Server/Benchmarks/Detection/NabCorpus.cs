using System.Globalization;
using System.Text.Json;

namespace RiskWatch.Server.Benchmarks.Detection;

/// <summary>A file of the Numenta Anomaly Benchmark.</summary>
/// <param name="Category">Its folder.</param>
/// <param name="Name">Its name.</param>
/// <param name="Times">Timestamps, as written.</param>
/// <param name="Values">Values.</param>
/// <param name="Windows">First and last row of each labelled window.</param>
internal sealed record NabFile(string Category, string Name, DateTime[] Times, double[] Values, IReadOnlyList<(int First, int Last)> Windows)
{
    /// <summary>Rows at the beginning that no detector is judged on.</summary>
    public double Probation => Math.Min(Math.Floor(0.15 * Values.Length), 0.15 * 5000);
}

/// <summary>The Numenta Anomaly Benchmark as its folder holds it: <c>data/CATEGORY/FILE.csv</c> and <c>labels/combined_windows.json</c>.</summary>
internal static class NabCorpus
{
    /// <summary>All files that have labels, in the labels' order.</summary>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">A window does not begin or end with a row.</exception>
    public static List<NabFile> Read(string folder)
    {
        using var labels = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "labels", "combined_windows.json")));
        return [.. labels.RootElement.EnumerateObject().Select(file => ReadFile(folder, file.Name, file.Value))];
    }

    private static NabFile ReadFile(string folder, string path, JsonElement windows)
    {
        var rows = File.ReadLines(Path.Combine(folder, "data", path)).Skip(1).Select(line => line.Split(',')).ToList();
        var times = rows.Select(r => DateTime.Parse(r[0], CultureInfo.InvariantCulture)).ToArray();
        var values = rows.Select(r => double.Parse(r[1], CultureInfo.InvariantCulture)).ToArray();
        var spans = windows.EnumerateArray().Select(w => (Row(times, w[0], path), Row(times, w[1], path))).ToList();
        var at = path.IndexOf('/', StringComparison.Ordinal);
        return new NabFile(path[..at], path[(at + 1)..], times, values, spans);
    }

    private static int Row(DateTime[] times, JsonElement time, string path)
    {
        var row = Array.IndexOf(times, DateTime.Parse(time.GetString()!, CultureInfo.InvariantCulture));
        return row >= 0 ? row : throw new InvalidDataException($"{path}: no row has the window's time {time.GetString()}.");
    }
}
