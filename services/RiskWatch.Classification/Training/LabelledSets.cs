using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using RiskWatch.Classification.Models;

namespace RiskWatch.Classification.Training;

/// <summary>Reads the labelled sets of a data folder laid out as <c>shared/data</c>. Each comes in the order it is to be split by.</summary>
internal static partial class LabelledSets
{
    /// <summary>Labels of the sentiment heads, in order.</summary>
    public static readonly string[] Moods = ["negative", "neutral", "positive"];

    /// <summary>Labels of the department head, in order.</summary>
    public static readonly string[] Departments = ["城乡建设", "环境保护", "交通运输", "教育文体", "劳动和社会保障", "商贸旅游", "卫生计生"];

    /// <summary>Weibo posts, 1 = rumour, by time.</summary>
    public static List<LabelledText> ChineseRumours(string folder) => Ordered(
        from row in Json(Path.Combine(folder, "zh_rumor_ced", "train_microblogs.jsonl"))
        select new LabelledText(Text(row, "text"), Text(row, "label") == "rumor" ? 1 : 0, row.GetProperty("time_epoch").GetInt64()) { Id = Text(row, "id") });

    /// <summary>COVID tweets, 1 = fake; <paramref name="file"/> is Train or Val. No times: the set's own order.</summary>
    public static List<LabelledText> EnglishFakes(string folder, string file) => Ordered(
        DelimitedRows.Read(Path.Combine(folder, "en_covid_constraint", $"Constraint_{file}.csv"), ',').Skip(1).Where(r => r.Count >= 3)
            .Select((r, i) => new LabelledText(r[1], r[2].Trim() == "fake" ? 1 : 0, i)));

    /// <summary>Six emotions of Weibo posts as moods, in the order of the ids.</summary>
    public static List<LabelledText> ChineseMoods(string folder, string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "zh_emotion_smp2020", file + ".json")));
        return Ordered(document.RootElement.EnumerateArray().Select(row => new LabelledText(
            Text(row, "content"),
            Text(row, "label") switch { "happy" => 2, "neutral" or "surprise" => 1, _ => 0 },
            row.GetProperty("id").GetInt64())));
    }

    /// <summary>Reviews; negative or positive.</summary>
    public static List<LabelledText> ChineseReviews(string folder, string file) => Ordered(
        File.ReadLines(Path.Combine(folder, "zh_sentiment_chnsenticorp", file + ".tsv")).Skip(1)
            .Select((line, i) => (Parts: line.Split('\t', 2), i)).Where(r => r.Parts.Length == 2)
            .Select(r => new LabelledText(r.Parts[1], r.Parts[0] == "1" ? 2 : 0, r.i)));

    /// <summary>Tweets with their moods, each id once, by the time in the id.</summary>
    public static List<LabelledText> EnglishMoods(string folder)
    {
        var seen = new HashSet<long>();
        var rows = new List<LabelledText>();
        foreach (var file in Directory.GetFiles(Path.Combine(folder, "en_sentiment_semeval2017"), "twitter-*-A.tsv").Order(StringComparer.Ordinal))
        {
            foreach (var line in File.ReadLines(file))
            {
                var parts = line.Split('\t');
                if (parts.Length >= 3 && long.TryParse(parts[0], CultureInfo.InvariantCulture, out var id) && Array.IndexOf(Moods, parts[1]) is var mood and >= 0 && seen.Add(id))
                {
                    rows.Add(new LabelledText(Unescape(parts[2]), mood, TweetTime(id)));
                }
            }
        }

        return Ordered(rows);
    }

    /// <summary>Messages with the department that handled them; those with a time come last, by time.</summary>
    public static List<LabelledText> Messages(string folder) => Ordered(
        Json(Path.Combine(folder, "zh_hotline_teddy2020", "att2_raw_train_3585.jsonl")).Select((row, i) => new LabelledText(
            (Optional(row, "subject") + " " + Text(row, "text")).Trim(),
            Array.IndexOf(Departments, Text(row, "label")),
            DateTime.TryParse(Optional(row, "time"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
                ? new DateTimeOffset(time, TimeSpan.Zero).ToUnixTimeSeconds() : i)).Where(r => r.Label >= 0));

    /// <summary>More messages as tokens without stop words, joined again; some are the same as in <see cref="Messages"/>.</summary>
    public static List<LabelledText> TokenisedMessages(string folder) =>
        [.. DelimitedRows.Read(Path.Combine(folder, "zh_hotline_teddy2020", "att2_tokenised_train_only.tsv"), '\t').Skip(1).Where(r => r.Count >= 2)
            .Select((r, i) => new LabelledText(r[1].Replace("_x000D_", " ", StringComparison.Ordinal), Array.IndexOf(Departments, r[0]), i)).Where(r => r.Label >= 0)];

    /// <summary>Tweets about four crises, 1 = on topic, with the crisis's name.</summary>
    public static List<LabelledText> CrisisTweets(string folder) =>
        [.. from file in Directory.GetFiles(Path.Combine(folder, "en_crisislex", "T6"), "*-ontopic_offtopic.csv").Order(StringComparer.Ordinal)
            from r in DelimitedRows.Read(file, ',').Skip(1)
            where r.Count >= 3 && long.TryParse(r[0].Trim('\''), CultureInfo.InvariantCulture, out _)
            select new LabelledText(r[1], r[2].Trim() == "on-topic" ? 1 : 0, TweetTime(long.Parse(r[0].Trim('\''), CultureInfo.InvariantCulture))) { Event = CrisisOf(file, "-ontopic_offtopic.csv") }];

    /// <summary>English tweets about twenty more crises, 1 = related, with the crisis; what nobody could judge is left out.</summary>
    public static List<LabelledText> RelatedTweets(string folder) =>
        [.. from file in Directory.GetFiles(Path.Combine(folder, "en_crisislex", "T26"), "*-tweets_labeled.csv").Order(StringComparer.Ordinal)
            from r in DelimitedRows.Read(file, ',').Skip(1)
            let label = r.Count >= 5 ? r[4].Trim() : ""
            where (label == "Not related" || label.StartsWith("Related", StringComparison.Ordinal)) && LanguageIdentifier.Identify(r[1]) == "en"
            select new LabelledText(r[1], label == "Not related" ? 0 : 1, 0) { Event = CrisisOf(file, "-tweets_labeled.csv") }];

    /// <summary>Tab-separated rows of a plain file.</summary>
    public static IEnumerable<string[]> Tabbed(string path) => File.ReadLines(path).Select(l => l.Split('\t'));


    // Both collections write a crisis alike but for capitals.
    private static string CrisisOf(string file, string end) => Path.GetFileName(file)[..^end.Length].ToLowerInvariant();

    private static List<LabelledText> Ordered(IEnumerable<LabelledText> rows) => [.. rows.OrderBy(r => r.Order)];

    private static IEnumerable<JsonElement> Json(string path)
    {
        foreach (var line in File.ReadLines(path).Where(l => l.Length > 1))
        {
            using var document = JsonDocument.Parse(line);
            yield return document.RootElement.Clone();
        }
    }

    private static string Text(JsonElement row, string name) => row.GetProperty(name).GetString() ?? "";

    private static string Optional(JsonElement row, string name) =>
        row.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() ?? "" : "";

    private static long TweetTime(long id) => ((id >> 22) + 1288834974657) / 1000;

    private static string Unescape(string text) =>
        Escape().Replace(text, m => ((char)int.Parse(m.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString());

    [GeneratedRegex(@"\\u([0-9a-fA-F]{4})")]
    private static partial Regex Escape();
}
