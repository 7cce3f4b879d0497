using System.Text.Json;

namespace RiskWatch.Classification.Training;

/// <summary>
/// Rows for the Chinese relevance head. Nobody labelled relevance; what stands in for it: hot-search titles by their category, messages and complaints
/// to a city (public), reviews and everyday posts (private).
/// </summary>
internal static class RelevanceSets
{
    private static readonly string[] Public = ["社会", "时事", "财经", "军事", "健康", "教育", "法律", "政务", "公益", "地区"];
    private static readonly string[] Private =
        ["明星", "体育", "游戏", "综艺", "搞笑", "电视剧", "电影", "音乐", "数码", "情感", "时尚", "美食", "动漫", "美妆", "星座", "电商", "运动健身", "生活记录", "萌宠", "家居", "摄影", "咪咕体育"];

    /// <summary>Titles in the file's order, and the other texts.</summary>
    public static (List<LabelledText> Titles, List<LabelledText> Posts) Chinese(string folder)
    {
        var titles = new List<LabelledText>();
        foreach (var parts in LabelledSets.Tabbed(Directory.GetFiles(Path.Combine(folder, "zh_weibo_hotsearch"), "topics_*.tsv").Order(StringComparer.Ordinal).First()).Skip(1).Where(p => p.Length >= 2))
        {
            var category = parts[1].Split('-')[0];
            var label = Array.IndexOf(Public, category) >= 0 ? 1 : Array.IndexOf(Private, category) >= 0 ? 0 : -1;
            if (label >= 0)
            {
                titles.Add(new LabelledText(parts[0], label, titles.Count));
            }
        }

        List<LabelledText> posts =
        [
            .. Field(Path.Combine(folder, "zh_hotline_teddy2020", "att3_4326.jsonl"), "留言详情", 1, 2500),
            .. Field(Path.Combine(folder, "zh_hotline_fuzhou_rivers", "complaints.jsonl"), "content", 1, 1200),
            .. Field(Path.Combine(folder, "zh_hotline_fuzhou_rivers", "weibo_same_topic.jsonl"), "text", 1, 2000),
            .. LabelledSets.ChineseReviews(folder, "train").Take(3000).Select(r => r with { Label = 0 }),
            .. LabelledSets.ChineseMoods(folder, "usual_eval_labeled").Select(r => r with { Label = 0 }),
        ];
        return (titles, HeadCatalogue.Once(posts));
    }

    private static IEnumerable<LabelledText> Field(string path, string field, int label, int most)
    {
        foreach (var line in File.ReadLines(path).Where(l => l.Length > 1).Take(most))
        {
            using var document = JsonDocument.Parse(line);
            yield return new LabelledText(document.RootElement.GetProperty(field).GetString() ?? "", label, 0);
        }
    }
}
