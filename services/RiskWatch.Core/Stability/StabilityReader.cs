using RiskWatch.Core.Store;

namespace RiskWatch.Core.Stability;

/// <summary>How far the last week of a source is from the four before, for one score or feature.</summary>
/// <param name="Measure">falseProbability, negative, relevance, length or language.</param>
/// <param name="Index">Population stability index.</param>
public sealed record StabilityMeasure(string Measure, double Index);

/// <summary>How far the last week of a source is from the four before.</summary>
/// <param name="Source">The source.</param>
/// <param name="Week">First day of the last week, UTC: the week ends with the source's newest record.</param>
/// <param name="Rows">Records of that week that were looked at.</param>
/// <param name="Before">Records of the four weeks before that were looked at.</param>
/// <param name="Measures">One entry a score and feature, the farthest first; empty where one of the two has too few records to compare.</param>
public sealed record SourceStability(string Source, DateOnly Week, int Rows, int Before, IReadOnlyList<StabilityMeasure> Measures)
{
    /// <summary>Whether operators are to be told.</summary>
    public bool Drifted => Measures.Count > 0 && Measures[0].Index >= PopulationStability.Notice;
}

/// <summary>
/// Compares what came in during the last week with the four weeks before, from a sample of the store's records: some of each day, so that no day decides alone. The scores
/// show whether the models still see what they were trained for, length and language whether the source itself has changed.
/// </summary>
public sealed class StabilityReader(IStore store)
{
    private const int Days = 7;
    private const int DaysBefore = 28;
    private const int ADay = 200;
    private const int ADayBefore = 60;
    private const int Least = 200;
    private const int Bins = 10;

    private static readonly (string Name, Func<StoredRecord, int> Bin)[] Scores =
    [
        ("falseProbability", r => Bin(r.Assessment.Credibility.FalseProbability)),
        ("negative", r => Bin(r.Assessment.Sentiment.Probabilities.Negative)),
        ("relevance", r => Bin(r.Assessment.Relevance.Probability)),
        // 1, 2, 4 … 512 characters and more.
        ("length", r => Math.Min(Bins - 1, (int)Math.Log2(1 + r.Record.Text.Length + (r.Record.Title?.Length ?? 0)))),
        ("language", r => r.Assessment.Language.Split('-')[0] switch { "zh" => 0, "en" => 1, "und" => 2, _ => 3 }),
    ];

    /// <summary>Compares a source's last week, which ends with its newest record; null where it has none.</summary>
    public async Task<SourceStability?> ReadAsync(string source, CancellationToken cancel)
    {
        if ((await store.SearchRecordsAsync(new RecordQuery { Source = source, Limit = 1 }, cancel).ConfigureAwait(false)).Items is not [var newest, ..])
        {
            return null;
        }

        var end = new DateTimeOffset(newest.Record.Published.UtcDateTime.Date.AddDays(1), TimeSpan.Zero);
        var start = end.AddDays(-Days);
        var (now, rows) = await SampleAsync(source, start, Days, ADay, cancel).ConfigureAwait(false);
        var (before, rowsBefore) = await SampleAsync(source, start.AddDays(-DaysBefore), DaysBefore, ADayBefore, cancel).ConfigureAwait(false);
        return new SourceStability(
            source, DateOnly.FromDateTime(start.UtcDateTime), rows, rowsBefore,
            rows < Least || rowsBefore < Least ? [] : [.. Scores.Select((s, i) => new StabilityMeasure(s.Name, Math.Round(PopulationStability.Of(before[i], now[i]), 3))).OrderByDescending(m => m.Index)]);
    }

    private static int Bin(double probability) => Math.Clamp((int)(probability * Bins), 0, Bins - 1);

    private async Task<(int[][] Histograms, int Rows)> SampleAsync(string source, DateTimeOffset from, int days, int aDay, CancellationToken cancel)
    {
        var histograms = Scores.Select(_ => new int[Bins]).ToArray();
        var rows = 0;
        for (var day = 0; day < days; day++)
        {
            var page = await store.SearchRecordsAsync(new RecordQuery { Source = source, From = from.AddDays(day), Until = from.AddDays(day + 1), Limit = aDay }, cancel).ConfigureAwait(false);
            foreach (var record in page.Items)
            {
                for (var i = 0; i < Scores.Length; i++)
                {
                    histograms[i][Scores[i].Bin(record)]++;
                }
            }

            rows += page.Items.Count;
        }

        return (histograms, rows);
    }
}
