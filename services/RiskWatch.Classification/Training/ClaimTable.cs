using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using RiskWatch.Classification.Claims;
using RiskWatch.Classification.Text;
using RiskWatch.Contracts;
using RiskWatch.Core.Text;

namespace RiskWatch.Classification.Training;

/// <summary>How well checked claims are found again: DXY's verdicts and news of the first weeks of COVID-19, and ordinary posts that repeat none of them.</summary>
public sealed record ClaimTable
{
    // One ordinary post in a thousand.
    private const double FalseMatches = 0.001;

    /// <summary>Share of bodies whose own title is the nearest of all titles, and among the five nearest of them.</summary>
    public required IReadOnlyList<RetrievalLine> Retrieval { get; init; }

    /// <summary>The least similarity that the first half of the claims and posts chooses, and the one that ships.</summary>
    public required double ChosenSimilarity { get; init; }

    /// <summary>The least similarity that ships.</summary>
    public double ShippedSimilarity { get; init; } = ClaimIndex.LeastSimilarity;

    /// <summary>Share found of the second half of the claims, by how they are told.</summary>
    public required IReadOnlyList<ParaphraseLine> Paraphrases { get; init; }

    /// <summary>Share of ordinary texts taken for a claim, on the second half of each set.</summary>
    public required IReadOnlyList<FalseMatchLine> FalseMatch { get; init; }

    /// <summary>Measures.</summary>
    internal static ClaimTable Measure(string dataFolder, EncoderTraining training, IProgress<string>? progress, CancellationToken cancel)
    {
        var folder = Path.Combine(dataFolder, "zh_dxy_covid_stream");
        var rumours = Rows(Path.Combine(folder, "DXYRumors.csv"), "title", "body");
        var news = Rows(Path.Combine(folder, "DXYNews.csv"), "title", "summary");
        var posts = Ordinary(dataFolder);
        training.Encode("zh", [.. rumours.Concat(news).SelectMany(r => new[] { r.Title, r.Body }), .. Retellings.SelectMany(t => rumours.Select(r => t.Tell(r.Title))), .. posts.SelectMany(p => p.Texts)], progress, cancel);
        var encoder = training.VectorsOf("zh");
        var titles = new ClaimIndex(rumours.Concat(news).Select((r, i) => new Claim(i.ToString(CultureInfo.InvariantCulture), r.Title, "")), (text, _) => encoder(text));
        var claims = new ClaimIndex(rumours.Select((r, i) => new Claim(i.ToString(CultureInfo.InvariantCulture), r.Title, "谣言")), (text, _) => encoder(text));
        var likeness = posts.ConvertAll(p => p.Texts.ConvertAll(t => claims.Nearest(t, "zh", encoder(t))!.Value.Similarity));
        var first = likeness.SelectMany(l => l.Where((_, i) => i % 2 == 0)).OrderDescending().ToList();
        return new ClaimTable
        {
            Retrieval = [Retrieved("verdicts", rumours, 0, titles, encoder), Retrieved("news", news, rumours.Count, titles, encoder)],
            ChosenSimilarity = Math.Round(Math.Ceiling(first[(int)(first.Count * FalseMatches)] * 100) / 100, 2),
            Paraphrases = [.. Retellings.Select(t => Found(t, rumours, claims, encoder))],
            FalseMatch = [.. posts.Zip(likeness, (p, l) => new FalseMatchLine(p.Name, l.Count / 2, Share(l.Where((_, i) => i % 2 == 1).Select(s => s >= ClaimIndex.LeastSimilarity))))],
        };
    }

    /// <summary>As JSON, indented, camelCase.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ClaimJson.Default.ClaimTable);

    /// <summary>As Markdown tables.</summary>
    public string ToTable()
    {
        var text = new StringBuilder();
        text.AppendLine("| body → its own title among all | bodies | first | in the first five |").AppendLine("|---|---:|---:|---:|");
        foreach (var l in Retrieval)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {l.Set} | {l.Rows} | {l.First:P1} | {l.FirstFive:P1} |");
        }

        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"Least similarity: {ChosenSimilarity:F2} chosen on the first half, {ShippedSimilarity:F2} ships.");
        text.AppendLine().AppendLine("| claim told as | claims | found without the encoder | found with it |").AppendLine("|---|---:|---:|---:|");
        foreach (var l in Paraphrases)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {l.Told} | {l.Rows} | {l.ByGroup:P0} | {l.Found:P0} |");
        }

        text.AppendLine().AppendLine("| ordinary texts | rows | taken for a claim |").AppendLine("|---|---:|---:|");
        foreach (var l in FalseMatch)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {l.Set} | {l.Rows} | {l.Matched:P2} |");
        }

        return text.ToString().ReplaceLineEndings("\n");
    }

    // Paraphrases by rule; each keeps what is claimed.
    private static readonly (string Name, Func<string, string> Tell)[] Retellings =
    [
        ("as it is, with a link and a name", t => t + "！！ http://t.cn/A6abc @小明"),
        ("as hearsay", t => $"听说{t}，是真的吗？大家转给家里人看看"),
        ("in a longer post", t => $"今天家族群里又在传，说{t}。我妈已经信了，劝也劝不住，唉。"),
        ("halves changed round", t => t.IndexOfAny(['，', ',', '、', '：', ' ']) is > 0 and var at ? $"{t[(at + 1)..]}，{t[..at]}" : $"{t[(t.Length / 2)..]}，{t[..(t.Length / 2)]}"),
        ("every sixth character left out", t => string.Concat(t.Where((_, i) => i % 6 != 5))),
        ("homophones for frequent characters", Disguises.Homophones),
    ];

    private static RetrievalLine Retrieved(string set, List<(string Title, string Body)> rows, int offset, ClaimIndex titles, Func<string, float[]> encoder)
    {
        var ranks = rows.Select((r, i) => titles.RankOf((offset + i).ToString(CultureInfo.InvariantCulture), r.Body, "zh", encoder(r.Body))).ToList();
        return new RetrievalLine(set, rows.Count, Share(ranks.Select(r => r == 1)), Share(ranks.Select(r => r <= 5)));
    }

    private static ParaphraseLine Found((string Name, Func<string, string> Tell) retelling, List<(string Title, string Body)> rumours, ClaimIndex claims, Func<string, float[]> encoder)
    {
        var told = rumours.Select((r, i) => (Text: retelling.Tell(r.Title), Id: i.ToString(CultureInfo.InvariantCulture))).Where((_, i) => i % 2 == 1).ToList();
        bool Is(string text, string id, bool encoded) =>
            claims.Match(NearDuplicateGroup.Of(TextNormalizer.Normalize(text)), text, "zh", encoded ? encoder(text) : null)?.Id == id;
        return new ParaphraseLine(retelling.Name, told.Count, Share(told.Select(t => Is(t.Text, t.Id, false))), Share(told.Select(t => Is(t.Text, t.Id, true))));
    }

    private static List<(string Title, string Body)> Rows(string path, string title, string body)
    {
        var rows = DelimitedRows.Read(path, ',').ToList();
        var header = rows[0].Select(h => h.Trim('\uFEFF')).ToList();
        var (t, b) = (header.IndexOf(title), header.IndexOf(body));
        return [.. rows.Skip(1).Where(r => r.Count > Math.Max(t, b) && r[t].Length > 0 && r[b].Length > 0).Select(r => (r[t], r[b])).DistinctBy(r => r.Item1)];
    }

    private static List<(string Name, List<string> Texts)> Ordinary(string folder) =>
    [
        ("Weibo posts, usual (SMP 2020)", [.. LabelledSets.ChineseMoods(folder, "usual_eval_labeled").Select(r => r.Text)]),
        ("Weibo posts on COVID-19 (SMP 2020)", [.. LabelledSets.ChineseMoods(folder, "virus_train").Select(r => r.Text).Where((_, i) => i % 2 == 0)]),
        ("Weibo posts that were true (CED)", [.. LabelledSets.ChineseRumours(folder).Where(r => r.Label == 0).Select(r => r.Text)]),
    ];

    private static double Share(IEnumerable<bool> values) => Math.Round(values.DefaultIfEmpty().Average(v => v ? 1.0 : 0), 4);
}

/// <summary>Retrieval of one set.</summary>
/// <param name="Set">Its name.</param>
/// <param name="Rows">Bodies asked with.</param>
/// <param name="First">Share whose own title is the nearest.</param>
/// <param name="FirstFive">Share whose own title is among the five nearest.</param>
public sealed record RetrievalLine(string Set, int Rows, double First, double FirstFive);

/// <summary>Claims told in one way.</summary>
/// <param name="Told">The way.</param>
/// <param name="Rows">Claims.</param>
/// <param name="ByGroup">Share found by group or wording.</param>
/// <param name="Found">Share found at all.</param>
public sealed record ParaphraseLine(string Told, int Rows, double ByGroup, double Found);

/// <summary>Ordinary texts of one set.</summary>
/// <param name="Set">Its name.</param>
/// <param name="Rows">Texts.</param>
/// <param name="Matched">Share taken for a claim.</param>
public sealed record FalseMatchLine(string Set, int Rows, double Matched);

/// <summary>JSON of claim tables.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(ClaimTable))]
internal sealed partial class ClaimJson : JsonSerializerContext;
