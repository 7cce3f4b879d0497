namespace RiskWatch.Classification.Training;

/// <summary>Figures of predictions against labels.</summary>
internal static class Metrics
{
    private const int Resamples = 500;
    private const int Bins = 10;

    /// <summary>F1 per label.</summary>
    public static double[] F1(ReadOnlySpan<int> predicted, ReadOnlySpan<int> actual, int labels)
    {
        Span<int> hit = stackalloc int[labels];
        Span<int> all = stackalloc int[labels];
        for (var i = 0; i < actual.Length; i++)
        {
            all[predicted[i]]++;
            all[actual[i]]++;
            hit[actual[i]] += predicted[i] == actual[i] ? 1 : 0;
        }

        var f1 = new double[labels];
        for (var k = 0; k < labels; k++)
        {
            f1[k] = all[k] == 0 ? 0 : 2.0 * hit[k] / all[k];
        }

        return f1;
    }

    /// <summary>Mean of F1 over the labels that are present.</summary>
    public static double MacroF1(int[] predicted, int[] actual, int labels, bool[] present) => F1(predicted, actual, labels).Where((_, k) => present[k]).Average();

    /// <summary>Mean over labels of recall.</summary>
    public static double MacroRecall(int[] predicted, int[] actual, int labels) => Enumerable.Range(0, labels)
        .Where(k => actual.Contains(k)).Average(k => actual.Index().Where(a => a.Item == k).Average(a => predicted[a.Index] == k ? 1.0 : 0));

    /// <summary>95 % interval of macro-F1 over the labels that are present: percentiles over seeded resamples of the rows.</summary>
    public static (double Low, double High) Interval(int[] predicted, int[] actual, int labels, bool[] present)
    {
        var random = new Random(20200907);
        var values = new double[Resamples];
        var (p, a) = (new int[actual.Length], new int[actual.Length]);
        for (var r = 0; r < Resamples; r++)
        {
            for (var i = 0; i < actual.Length; i++)
            {
                var j = random.Next(actual.Length);
                (p[i], a[i]) = (predicted[j], actual[j]);
            }

            values[r] = MacroF1(p, a, labels, present);
        }

        Array.Sort(values);
        return (values[(int)(Resamples * 0.025)], values[(int)(Resamples * 0.975)]);
    }

    /// <summary>Area under the ROC curve, ties counted half.</summary>
    public static double Auc(double[] scores, int[] actual)
    {
        var order = Enumerable.Range(0, scores.Length).OrderBy(i => scores[i]).ToArray();
        double ranks = 0, positives = 0;
        for (var i = 0; i < order.Length;)
        {
            var j = i;
            while (j < order.Length && scores[order[j]] == scores[order[i]])
            {
                j++;
            }

            for (var k = i; k < j; k++)
            {
                if (actual[order[k]] == 1)
                {
                    ranks += (i + j + 1) / 2.0;
                    positives++;
                }
            }

            i = j;
        }

        return (ranks - (positives * (positives + 1) / 2)) / (positives * (scores.Length - positives));
    }

    /// <summary>Expected calibration error over ten equal bins.</summary>
    public static double CalibrationError(double[] probabilities, bool[] hits) =>
        Reliability(probabilities, hits).Sum(b => b.Rows * Math.Abs(b.Probability - b.Share)) / hits.Length;

    /// <summary>The reliability curve: of each of ten bins that has rows their mean probability, the share of hits among them, and how many they are.</summary>
    public static IReadOnlyList<ReliabilityBin> Reliability(double[] probabilities, bool[] hits) =>
    [
        .. probabilities.Zip(hits).GroupBy(p => Math.Min(Bins - 1, (int)(p.First * Bins))).OrderBy(g => g.Key)
            .Select(g => new ReliabilityBin(g.Average(p => p.First), g.Average(p => p.Second ? 1.0 : 0), g.Count())),
    ];
}

/// <summary>Rows of about the same probability.</summary>
/// <param name="Probability">Their mean probability.</param>
/// <param name="Share">Share of them that came true.</param>
/// <param name="Rows">How many.</param>
public sealed record ReliabilityBin(double Probability, double Share, int Rows);
