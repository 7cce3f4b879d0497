using RiskWatch.Classification.Models;

namespace RiskWatch.Classification.Training;

/// <summary>What a second head is trained on: for each row the text's vector with the fast head's calibrated scores, by a fit that has not seen the row.</summary>
/// <param name="Early">Rows before the latest part.</param>
/// <param name="Late">The latest part of the training time, which calibrates.</param>
internal sealed record SecondRows((List<LabelledText> Rows, List<float[]> Vectors) Early, (List<LabelledText> Rows, List<float[]> Vectors) Late)
{
    /// <summary>The rows before each set's report, or all.</summary>
    public static SecondRows Of(HeadFitter fitter, HeadData data, bool all, FastModel fast, VectorStore vectors, IProgress<string>? progress, CancellationToken cancel)
    {
        var sets = data.Sets.Select(s => (Set: s, Rows: all ? s.Rows : [.. s.Rows.Take(s.ReportFrom)])).ToList();
        var scores = OutOfFold.Scores(fitter, data.Recipe, [.. sets.Select(s => s.Rows)], cancel);
        var head = fast.Family(data.Recipe.Language)!.Header.Heads.First(h => h.Name == data.Recipe.Name);
        var result = new SecondRows(([], []), ([], []));
        for (var s = 0; s < sets.Count; s++)
        {
            var (set, rows) = sets[s];
            var first = Math.Max(0, rows.Count - set.MostEncoded);
            vectors.Add([.. rows.Skip(first).Select(r => r.Text)], progress, cancel);
            var cut = set.Early(rows.Count);
            for (var i = first; i < rows.Count; i++)
            {
                var (kept, whole) = i < cut ? result.Early : result.Late;
                kept.Add(rows[i]);
                whole.Add([.. vectors.Of(rows[i].Text), .. scores[s][i].Select((x, o) => (head.Slope * x) + head.Intercepts[o])]);
            }
        }

        return result;
    }
}
