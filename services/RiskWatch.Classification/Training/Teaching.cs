using RiskWatch.Classification.Models;

namespace RiskWatch.Classification.Training;

/// <summary>
/// The encoder stage teaches the fast heads: it labels texts that nobody labelled, softly, and these are trained on beside the labelled rows. A fast head so learns
/// words that its own rows do not have, at no cost when it scores.
/// </summary>
/// <param name="paths">Files of texts, as <see cref="UnlabelledTexts"/> reads them.</param>
internal sealed class Teaching(IReadOnlyList<string> paths)
{
    /// <summary>Texts taught with, per language.</summary>
    public const int Most = 40_000;

    // A label that the encoder hardly believes is not worth a row.
    private const float Least = 0.08f;

    private readonly Dictionary<string, List<string>> _texts = [];

    /// <summary>Reads the texts of the heads that are taught and sees to it that their vectors are at hand.</summary>
    public void Prepare(IReadOnlyList<HeadData> data, EncoderTraining training, IProgress<string>? progress, CancellationToken cancel)
    {
        foreach (var language in data.Where(h => h.Recipe.TaughtWeight > 0).Select(h => h.Recipe.Language).Distinct().Where(training.Languages.Contains).Where(l => !_texts.ContainsKey(l)))
        {
            _texts[language] = UnlabelledTexts.Read(paths, language, Most);
            training.Encode(language, _texts[language], progress, cancel);
        }
    }

    /// <summary>The same data with what the stage says of the texts as one more set of each head that is taught.</summary>
    public List<HeadData> Teach(IReadOnlyList<HeadData> data, StageModels stage, IProgress<string>? progress)
    {
        var score = stage.Scores(encoded: true);
        return [.. data.Select(head =>
        {
            if (head.Recipe.TaughtWeight == 0 || !_texts.TryGetValue(head.Recipe.Language, out var all) || all.Count == 0)
            {
                return head;
            }

            var labelled = head.Sets.SelectMany(s => s.Rows).Select(r => Fingerprints.Of(r.Text)).ToHashSet();
            var texts = all.FindAll(t => !labelled.Contains(Fingerprints.Of(t)));
            progress?.Report($"teaching {head.Recipe.Language} {head.Recipe.Name} with {texts.Count:N0} texts");
            List<LabelledText> rows = [.. texts.SelectMany(text => Soft(text, score(text, head.Recipe.Language), head.Recipe))];
            return head with { Sets = [.. head.Sets, new HeadSet($"{texts.Count:N0} texts of {string.Join(", ", paths.Select(Path.GetFileName))}", rows, rows.Count, "only trained on; labelled by the encoder stage") { MostEncoded = 0 }] };
        })];
    }

    // A soft label is one row for each label, weighing what the stage gives it.
    private static IEnumerable<LabelledText> Soft(string text, FastScores scores, HeadRecipe recipe)
    {
        float[] probabilities = [scores.Negative, scores.Neutral, scores.Positive];
        return probabilities.Index().Where(p => p.Item >= Least).Select(p => new LabelledText(text, p.Index, 0, recipe.TaughtWeight * p.Item) { Taught = true });
    }
}
