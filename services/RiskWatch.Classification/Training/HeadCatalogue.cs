using RiskWatch.Classification.Models;

namespace RiskWatch.Classification.Training;

/// <summary>The heads that are trained, with their sets, splits and settings; how these were chosen, and on what rows, the model card says.</summary>
internal static class HeadCatalogue
{
    private const double LaterShare = 0.2;

    /// <summary>Names of the languages with heads, in the order of the model file.</summary>
    public static readonly string[] Languages = ["zh", "en"];

    /// <summary>Reads everything from a data folder.</summary>
    public static IEnumerable<Func<HeadData>> All(string folder) =>
    [
        () => ChineseFalse(folder), () => ChineseSentiment(folder), () => ChineseDepartment(folder), () => ChineseRelevance(folder),
        () => EnglishFalse(folder), () => EnglishSentiment(folder), () => EnglishRelevance(folder),
    ];

    public static HeadData ChineseFalse(string folder) => new(
        new HeadRecipe(HeadNames.FalseInformation, "zh", ["true", "false"], 1, 1) { Second = new SecondHead(3000, 8) },
        [Later("zh_rumor_ced", Once(LabelledSets.ChineseRumours(folder)), "the last fifth by time")]);

    public static HeadData ChineseSentiment(string folder)
    {
        var usual = Once(LabelledSets.ChineseMoods(folder, "usual_eval_labeled")).ConvertAll(r => r with { Weight = 2 });
        var virus = Once([.. LabelledSets.ChineseMoods(folder, "virus_train"), .. LabelledSets.ChineseMoods(folder, "virus_eval_labeled")]);
        var train = LabelledSets.ChineseReviews(folder, "train");
        var reviews = Once([.. train, .. LabelledSets.ChineseReviews(folder, "dev")]).ConvertAll(r => r with { Weight = 0.1f });
        return new HeadData(
            new HeadRecipe(HeadNames.Sentiment, "zh", LabelledSets.Moods, 1, 0.5) { Second = new SecondHead(3000, 8) },
            [
                new HeadSet("zh_emotion_smp2020 usual", usual, 1300, "ids from 1300 on of usual_eval_labeled (no times, no usual_train here)"),
                new HeadSet("zh_emotion_smp2020 virus", virus, Once(LabelledSets.ChineseMoods(folder, "virus_train")).Count, "virus_eval_labeled"),
                // Reviews know no neutral: they would teach the calibration that there is none.
                new HeadSet("zh_sentiment_chnsenticorp", reviews, Once(train).Count, "dev; negative or positive only") { CalibrationShare = 0, MostEncoded = 0 },
            ]);
    }

    public static HeadData ChineseDepartment(string folder)
    {
        var messages = Once(LabelledSets.Messages(folder));
        var tokenised = MessageOverlap.Without(LabelledSets.TokenisedMessages(folder), messages.Skip((int)(messages.Count * 0.6)))
            .ConvertAll(r => r with { Text = r.Text.Replace(" ", "", StringComparison.Ordinal) });
        return new HeadData(
            new HeadRecipe(HeadNames.Department, "zh", LabelledSets.Departments, 0.3f, 0),
            [
                new HeadSet("zh_hotline_teddy2020 att2", messages, messages.Count - 600, "the last 600 of the rows with a time, by time"),
                new HeadSet("zh_hotline_teddy2020 att2 tokenised", tokenised, tokenised.Count, "only trained on; messages that share their words with a later raw one are left out"),
            ]);
    }

    public static HeadData ChineseRelevance(string folder)
    {
        var (titles, posts) = RelevanceSets.Chinese(folder);
        return new HeadData(
            new HeadRecipe(HeadNames.Relevance, "zh", ["private", "public"], 1, 1),
            [Later("zh_weibo_hotsearch topics", Once(titles), "the last fifth, in the file's order"), new HeadSet("messages, complaints, reviews, posts", posts, posts.Count, "only trained on")]);
    }

    public static HeadData EnglishFalse(string folder)
    {
        var train = Once(LabelledSets.EnglishFakes(folder, "Train"));
        var rows = Once([.. train, .. LabelledSets.EnglishFakes(folder, "Val")]);
        return new HeadData(
            new HeadRecipe(HeadNames.FalseInformation, "en", ["true", "false"], 0.3f, 0) { Second = new SecondHead(3000, 8) },
            [new HeadSet("en_covid_constraint", rows, train.Count, "Val")]);
    }

    public static HeadData EnglishSentiment(string folder) => new(
        new HeadRecipe(HeadNames.Sentiment, "en", LabelledSets.Moods, 1, 1) { Second = new SecondHead(3000, 8) },
        [Later("en_sentiment_semeval2017", Once(LabelledSets.EnglishMoods(folder)), "the last fifth by time")]);

    public static HeadData EnglishRelevance(string folder)
    {
        var events = LabelledSets.CrisisTweets(folder).GroupBy(t => t.Event).OrderBy(g => g.Min(t => t.Row.Order)).ToList();
        var earlier = Once([.. events.SkipLast(1).SelectMany(g => g.Select(t => t.Row))]).Count;
        return new HeadData(
            new HeadRecipe(HeadNames.Relevance, "en", ["private", "public"], 1, 1),
            [new HeadSet("en_crisislex T6", Once([.. events.SelectMany(g => g.Select(t => t.Row))]), earlier, $"the latest event ({events[^1].Key}), which no other row is about")
            {
                // The latest event known, as unknown to the fit that is calibrated as the next one will be.
                CalibrationShare = 1.0 / (events.Count - 1),
            }]);
    }

    /// <summary>Each text once, the first of its kind, after folding.</summary>
    internal static List<LabelledText> Once(List<LabelledText> rows)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var folded = new char[TextFolding.Limit];
        return rows.FindAll(r => TextFolding.Fold(r.Text, folded) is var n && n > 0 && seen.Add(new string(folded, 0, n)));
    }

    private static HeadSet Later(string name, List<LabelledText> rows, string split) => new(name, rows, (int)(rows.Count * (1 - LaterShare)), split);
}
