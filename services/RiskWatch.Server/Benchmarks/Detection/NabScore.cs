namespace RiskWatch.Server.Benchmarks.Detection;

/// <summary>What hits, false alarms and misses are worth (NAB's application profiles).</summary>
internal sealed record NabProfile(string Name, double FalsePositive, double Miss)
{
    public static IReadOnlyList<NabProfile> All { get; } = [new("standard", 0.11, 1), new("lowFalsePositives", 0.22, 1), new("lowFalseNegatives", 0.11, 2)];
}

/// <summary>A scored row after the probation: its score, the window it lies in or −1, and what an alarm there is worth before weights.</summary>
internal readonly record struct NabPoint(double Score, int Window, double Worth);

/// <summary>
/// NAB's score (Lavin and Ahmad 2015, ICMLA): of each labelled window the earliest alarm counts, sigmoid by position; each false alarm costs, less right after a
/// window; 0 is no detector at all, 100 a perfect one. The same as <c>nab_score.py</c>.
/// </summary>
internal static class NabScore
{
    /// <summary>Sorted for <see cref="Best"/> and <see cref="At"/>: highest score first, rows of equal score in their order.</summary>
    public static NabPoint[] Sorted(IEnumerable<NabPoint> points) => [.. points.OrderByDescending(p => p.Score)];

    /// <summary>Rows of one file: windows by first and last row, the first <paramref name="probation"/> rows left out; window numbers begin at <paramref name="firstWindow"/>.</summary>
    public static IEnumerable<NabPoint> Points(double[] scores, IReadOnlyList<(int First, int Last)> windows, double probation, int firstWindow)
    {
        var window = 0;
        (int Last, int Length)? before = null;
        for (var row = 0; row < scores.Length; row++)
        {
            while (window < windows.Count && row > windows[window].Last)
            {
                before = (windows[window].Last, windows[window].Last - windows[window].First);
                window++;
            }

            if (row < probation)
            {
                continue;
            }

            if (window < windows.Count && row >= windows[window].First)
            {
                var (first, last) = windows[window];
                yield return new NabPoint(scores[row], firstWindow + window, Sigmoid(-(last - row + 1) / (double)(last - first + 1)) / Sigmoid(-1));
            }
            else
            {
                yield return new NabPoint(scores[row], -1, before is { } b ? Sigmoid((row - b.Last) / (double)b.Length) : -1);
            }
        }
    }

    /// <summary>The threshold with the best raw score.</summary>
    public static double Best(NabPoint[] sorted, int windows, NabProfile profile)
    {
        var held = new Dictionary<int, double>();
        var current = -profile.Miss * windows;
        var (best, threshold) = (current, double.PositiveInfinity);
        for (var i = 0; i < sorted.Length; i++)
        {
            current += Gain(sorted[i], profile, held);
            if ((i + 1 == sorted.Length || sorted[i + 1].Score != sorted[i].Score) && current > best)
            {
                (best, threshold) = (current, sorted[i].Score);
            }
        }

        return threshold;
    }

    /// <summary>Raw score at a threshold.</summary>
    public static double At(NabPoint[] sorted, int windows, NabProfile profile, double threshold)
    {
        var held = new Dictionary<int, double>();
        var current = -profile.Miss * windows;
        for (var i = 0; i < sorted.Length && sorted[i].Score >= threshold; i++)
        {
            current += Gain(sorted[i], profile, held);
        }

        return current;
    }

    /// <summary>A raw score on the scale from 0 to 100.</summary>
    public static double Normalised(double raw, int windows, NabProfile profile) => 100 * (raw + (profile.Miss * windows)) / ((1 + profile.Miss) * windows);

    private static double Gain(NabPoint point, NabProfile profile, Dictionary<int, double> held)
    {
        if (point.Window < 0)
        {
            return profile.FalsePositive * point.Worth;
        }

        var old = held.GetValueOrDefault(point.Window, -profile.Miss);
        if (point.Worth <= old)
        {
            return 0;
        }

        held[point.Window] = point.Worth;
        return point.Worth - old;
    }

    private static double Sigmoid(double position) => position > 3 ? -1 : (2 / (1 + Math.Exp(5 * position))) - 1;
}
