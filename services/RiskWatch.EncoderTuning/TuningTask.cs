using RiskWatch.Classification.Encoders;
using RiskWatch.Classification.Training;

namespace RiskWatch.EncoderTuning;

/// <summary>A head whose rows tune the encoder.</summary>
/// <param name="Name">The head's name.</param>
/// <param name="Labels">Number of labels.</param>
/// <param name="Train">The earlier part of the rows before each set's report: the encoder never sees those that calibrate the heads.</param>
/// <param name="Check">The latest part before the report, which says when to stop.</param>
internal sealed record TuningTask(string Name, int Labels, IReadOnlyList<TuningRow> Train, IReadOnlyList<TuningRow> Check)
{
    // Rows that only keep a head honest weigh hundredths; they are not worth their time here.
    private const float LeastWeight = 0.1f;

    /// <summary>The tasks of a language from a data folder; <paramref name="most"/> rows of a task at most, those furthest apart in its order.</summary>
    public static List<TuningTask> Read(string dataFolder, SentenceEncoder encoder, int most)
    {
        var tasks = new List<TuningTask>();
        foreach (var head in Trainer.Read(dataFolder, null, CancellationToken.None).Where(h => h.Recipe.Language == encoder.Language && h.Recipe.Second is not null))
        {
            var (train, check) = (new List<TuningRow>(), new List<TuningRow>());
            foreach (var set in head.Sets.Where(s => s.MostEncoded > 0))
            {
                var early = set.Early(set.ReportFrom);
                var from = set.Rows.Take(set.ReportFrom).Select(r => new TuningRow(encoder.Ids(r.Text), r.Label, r.Weight)).ToList();
                train.AddRange(from.Take(early).Where(r => r.Weight >= LeastWeight));
                check.AddRange(from.Skip(early));
            }

            tasks.Add(new TuningTask(head.Recipe.Name, head.Recipe.Labels.Count, Spread(train, most), Spread(check, most / 4)));
        }

        return tasks;
    }

    private static List<TuningRow> Spread(List<TuningRow> rows, int most) =>
        rows.Count <= most ? rows : [.. Enumerable.Range(0, most).Select(i => rows[(int)((long)i * rows.Count / most)])];
}

/// <summary>A text as ids.</summary>
/// <param name="Ids">Token ids with the marks of beginning and end.</param>
/// <param name="Label">Index of the label.</param>
/// <param name="Weight">Weight of the row.</param>
internal sealed record TuningRow(long[] Ids, int Label, float Weight)
{
    /// <summary>The mean row of the encoder as it was, which the tuned one stays near.</summary>
    public float[]? Before { get; set; }
}
