namespace RiskWatch.Classification.Training;

/// <summary>Scores of the fast head for its own training rows, each by a fit that has not seen it, as it will not have seen tomorrow's posts: what second heads are trained on.</summary>
internal static class OutOfFold
{
    private const int Folds = 5;

    /// <summary>
    /// Per set and row, the outputs of a fit on the other four fifths of all sets; fifths follow the sets' order, so that the latest are scored by a fit on
    /// earlier ones. Not calibrated.
    /// </summary>
    public static float[][][] Scores(HeadFitter fitter, HeadRecipe recipe, IReadOnlyList<IReadOnlyList<LabelledText>> sets, CancellationToken cancel)
    {
        var scores = sets.Select(s => new float[s.Count][]).ToArray();
        for (var fold = 0; fold < Folds; fold++)
        {
            var kept = sets.SelectMany(s => s.Where((_, i) => FoldOf(i, s.Count) != fold)).ToList();
            var fit = fitter.Fit(recipe, kept, cancel);
            for (var s = 0; s < sets.Count; s++)
            {
                var own = Enumerable.Range(0, sets[s].Count).Where(i => FoldOf(i, sets[s].Count) == fold).ToList();
                var scored = fit.Score(own.ConvertAll(i => sets[s][i]));
                for (var k = 0; k < own.Count; k++)
                {
                    scores[s][own[k]] = scored[k];
                }
            }
        }

        return scores;
    }

    private static int FoldOf(int index, int count) => (int)((long)index * Folds / count);
}
