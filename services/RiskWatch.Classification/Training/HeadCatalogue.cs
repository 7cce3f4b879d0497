using RiskWatch.Classification.Models;
using RiskWatch.Core.Text;

namespace RiskWatch.Classification.Training;

/// <summary>The heads that are trained, with their sets, splits and settings; how these were chosen, and on what rows, the model card says.</summary>
internal static class HeadCatalogue
{
    private const double LaterShare = 0.2;

    /// <summary>Names of the languages with heads, in the order of the model file.</summary>
    public static readonly string[] Languages = ["zh", "en"];

    private static readonly HeadRecipe[] Recipes =
    [
        new(HeadNames.FalseInformation, "zh", ["true", "false"], 1, 1) { Second = new SecondHead(30_000, 8) },
        new(HeadNames.Sentiment, "zh", LabelledSets.Moods, 1, 0.5) { Second = new SecondHead(10_000, 8), TaughtWeight = 0.5f },
        new(HeadNames.Review, "zh", ["post", "review"], 1, 0),
        new(HeadNames.ReviewMood, "zh", ["negative", "positive"], 1, 0) { Second = new SecondHead(10_000, 20) },
        new(HeadNames.Department, "zh", LabelledSets.Departments, 0.3f, 0) { Second = new SecondHead(30_000, 8) },
        new(HeadNames.Relevance, "zh", ["private", "public"], 1, 1),
        new(HeadNames.FalseInformation, "en", ["true", "false"], 0.3f, 0) { Second = new SecondHead(300, 8) },
        new(HeadNames.Claim, "en", ["other", "claim"], 1, 1),
        new(HeadNames.Sentiment, "en", LabelledSets.Moods, 1, 1) { Second = new SecondHead(3000, 3) },
        new(HeadNames.Relevance, "en", ["private", "public"], 3, 0.5) { LeastEvents = 2, Second = new SecondHead(3000, 8) },
    ];

    /// <summary>How a head is trained.</summary>
    public static HeadRecipe RecipeOf(string name, string language) => Recipes.First(r => (r.Name, r.Language) == (name, language));

    /// <summary>Reads everything from a data folder.</summary>
    public static IEnumerable<Func<HeadData>> All(string folder) =>
    [
        () => ChineseFalse(folder), () => ChineseSentiment(folder), () => ChineseReview(folder), () => ChineseReviewMood(folder), () => ChineseDepartment(folder), () => ChineseRelevance(folder),
        () => EnglishFalse(folder), () => EnglishClaim(folder), () => EnglishSentiment(folder), () => EnglishRelevance(folder),
    ];

    public static HeadData ChineseFalse(string folder)
    {
        // Ordinary texts of other kinds than posts: with none of them a complaint's urgency passes for a rumour's.
        var messages = Once(LabelledSets.Messages(folder)).Where((_, i) => i % 3 == 0);
        var titles = Once(RelevanceSets.Chinese(folder).Titles).Where((_, i) => i % 40 == 0);
        List<LabelledText> ordinary = [.. messages.Concat(titles).Select(r => r with { Label = 0, Weight = 0.03f })];
        return new HeadData(
            RecipeOf(HeadNames.FalseInformation, "zh"),
            [
                Later("zh_rumor_ced", Once(LabelledSets.ChineseRumours(folder)), "the last fifth by time"),
                new HeadSet("ordinary messages and titles", ordinary, ordinary.Count, "only trained on, with little weight"),
            ]);
    }

    public static HeadData ChineseSentiment(string folder)
    {
        var usual = Once(LabelledSets.ChineseMoods(folder, "usual_eval_labeled")).ConvertAll(r => r with { Weight = 2 });
        var virus = Once([.. LabelledSets.ChineseMoods(folder, "virus_train"), .. LabelledSets.ChineseMoods(folder, "virus_eval_labeled")]);
        var train = LabelledSets.ChineseReviews(folder, "train");
        var reviews = Once([.. train, .. LabelledSets.ChineseReviews(folder, "dev")]).ConvertAll(r => r with { Weight = 0.1f });
        return new HeadData(
            RecipeOf(HeadNames.Sentiment, "zh"),
            [
                new HeadSet("zh_emotion_smp2020 usual", usual, 1300, "ids from 1300 on of usual_eval_labeled (no times, no usual_train here)"),
                new HeadSet("zh_emotion_smp2020 virus", virus, Once(LabelledSets.ChineseMoods(folder, "virus_train")).Count, "virus_eval_labeled"),
                // Reviews know no neutral: they would teach the calibration that there is none.
                new HeadSet("zh_sentiment_chnsenticorp", reviews, Once(train).Count, "dev; negative or positive only") { CalibrationShare = 0, MostEncoded = 0 },
            ]);
    }

    public static HeadData ChineseReview(string folder)
    {
        var moods = ChineseSentiment(folder).Sets;
        List<HeadSet> posts = [moods[0], moods[1], ChineseFalse(folder).Sets[0], ChineseDepartment(folder).Sets[0]];
        List<LabelledText> Part(Func<HeadSet, IEnumerable<LabelledText>> part) =>
            [.. part(moods[2]).Select(r => r with { Label = 1, Weight = 1 }).Concat(posts.SelectMany(part).Select(r => r with { Label = 0, Weight = 1 })).OrderBy(r => StableHash.Of(r.Text))];
        var earlier = Part(s => s.Rows.Take(s.ReportFrom));
        return new HeadData(
            RecipeOf(HeadNames.Review, "zh"),
            [new HeadSet("reviews, posts, messages", Once([.. earlier, .. Part(s => s.Rows.Skip(s.ReportFrom))]), Once(earlier).Count, "as each set is split by its own head")]);
    }

    public static HeadData ChineseReviewMood(string folder)
    {
        var reviews = ChineseSentiment(folder).Sets[2];
        return new HeadData(
            RecipeOf(HeadNames.ReviewMood, "zh"),
            [reviews with { Rows = [.. reviews.Rows.Select(r => r with { Label = r.Label / 2, Weight = 1 })], CalibrationShare = 0.2, MostEncoded = 20_000, Split = "dev" }]);
    }

    public static HeadData ChineseDepartment(string folder)
    {
        var messages = Once(LabelledSets.Messages(folder));
        var tokenised = MessageOverlap.Without(LabelledSets.TokenisedMessages(folder), messages.Skip((int)(messages.Count * 0.6)))
            .ConvertAll(r => r with { Text = r.Text.Replace(" ", "", StringComparison.Ordinal) });
        return new HeadData(
            RecipeOf(HeadNames.Department, "zh"),
            [
                new HeadSet("zh_hotline_teddy2020 att2", messages, messages.Count - 600, "the last 600 of the rows with a time, by time"),
                new HeadSet("zh_hotline_teddy2020 att2 tokenised", tokenised, tokenised.Count, "only trained on; messages that share their words with a later raw one are left out") { MostEncoded = 0 },
            ]);
    }

    public static HeadData ChineseRelevance(string folder)
    {
        var (titles, posts) = RelevanceSets.Chinese(folder);
        return new HeadData(
            RecipeOf(HeadNames.Relevance, "zh"),
            [Later("zh_weibo_hotsearch topics", Once(titles), "the last fifth, in the file's order"), new HeadSet("messages, complaints, reviews, posts", posts, posts.Count, "only trained on")]);
    }

    public static HeadData EnglishFalse(string folder)
    {
        var train = Once(LabelledSets.EnglishFakes(folder, "Train"));
        var rows = Once([.. train, .. LabelledSets.EnglishFakes(folder, "Val")]);
        return new HeadData(
            RecipeOf(HeadNames.FalseInformation, "en"),
            [new HeadSet("en_covid_constraint", rows, train.Count, "Val")]);
    }

    public static HeadData EnglishClaim(string folder)
    {
        // Tweets about a disease that were checked, true and false alike, beside tweets that nobody would check; of those, one in three of the crises.
        List<HeadSet> sets = [EnglishFalse(folder).Sets[0], EnglishSentiment(folder).Sets[0], EnglishRelevance(folder).Sets[0]];
        List<LabelledText> Part(Func<HeadSet, IEnumerable<LabelledText>> part) =>
            [.. sets.SelectMany((set, at) => part(set).Where((_, i) => at < 2 || i % 3 == 0).Select(r => new LabelledText(r.Text, at == 0 ? 1 : 0, 0))).OrderBy(r => StableHash.Of(r.Text))];
        var earlier = Part(s => s.Rows.Take(s.ReportFrom));
        return new HeadData(
            RecipeOf(HeadNames.Claim, "en"),
            [new HeadSet("checked claims, ordinary tweets", Once([.. earlier, .. Part(s => s.Rows.Skip(s.ReportFrom))]), Once(earlier).Count, "as each set is split by its own head")]);
    }

    public static HeadData EnglishSentiment(string folder) => new(
        RecipeOf(HeadNames.Sentiment, "en"),
        [Later("en_sentiment_semeval2017", Once(LabelledSets.EnglishMoods(folder)), "the last fifth by time") with { MostEncoded = 30_000 }]);

    public static HeadData EnglishRelevance(string folder)
    {
        var events = LabelledSets.CrisisTweets(folder).GroupBy(t => t.Event!).OrderBy(g => g.Min(t => t.Order)).ToList();
        var earlier = Once([.. events.SkipLast(1).SelectMany(g => g)]).Count;
        var related = Once(LabelledSets.RelatedTweets(folder).FindAll(t => t.Event != events[^1].Key));
        return new HeadData(
            RecipeOf(HeadNames.Relevance, "en"),
            [new HeadSet("en_crisislex T6", Once([.. events.SelectMany(g => g)]), earlier, $"the latest event ({events[^1].Key}), which no other row is about")
            {
                // The latest event known, as unknown to the fit that is calibrated as the next one will be.
                CalibrationShare = 1.0 / (events.Count - 1),
                MostEncoded = 40_000,
            },
            new HeadSet("en_crisislex T26", related, related.Count, "only trained on; none about that event")]);
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
