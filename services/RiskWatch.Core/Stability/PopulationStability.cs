namespace RiskWatch.Core.Stability;

/// <summary>
/// The population stability index of a score: Σ (now − before) · ln(now ÷ before) over the shares of its bins (N. Siddiqi, Credit Risk Scorecards, 2006). Below 0.1 nothing
/// has moved, from 0.25 on what comes in is not what came in before.
/// </summary>
public static class PopulationStability
{
    /// <summary>From here on operators are told.</summary>
    public const double Notice = 0.25;

    /// <summary>Index of two histograms over the same bins. Empty bins count as half a row, so that a first row in one is no infinite change.</summary>
    public static double Of(ReadOnlySpan<int> before, ReadOnlySpan<int> now)
    {
        if (before.Length != now.Length)
        {
            throw new ArgumentException("Both histograms need the same bins.", nameof(now));
        }

        double Total(ReadOnlySpan<int> bins)
        {
            var sum = 0d;
            foreach (var rows in bins)
            {
                sum += Math.Max(rows, 0.5);
            }

            return sum;
        }

        var (beforeTotal, nowTotal, index) = (Total(before), Total(now), 0d);
        for (var i = 0; i < before.Length; i++)
        {
            var (b, n) = (Math.Max(before[i], 0.5) / beforeTotal, Math.Max(now[i], 0.5) / nowTotal);
            index += (n - b) * Math.Log(n / b);
        }

        return index;
    }
}
