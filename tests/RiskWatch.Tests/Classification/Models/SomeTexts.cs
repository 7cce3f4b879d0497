using RiskWatch.Classification.Training;

namespace RiskWatch.Tests.Classification.Models;

/// <summary>Labelled texts for tests: real ones where the data folder lies beside the checkout, generated ones on a fresh clone.</summary>
internal static class SomeTexts
{
    private static readonly string[] Good = ["感谢", "顺利", "通车", "thanks", "great work", "开放", "😀", "表扬"];
    private static readonly string[] Bad = ["转发", "惊爆", "紧急", "shocking!!!", "they hide it", "速转", "😡", "绝密"];
    private static readonly string[] Plain = ["今天", "北京", "市民", "消息", "the city", "news", "2021", "地铁", "医院", "people", "，", "。", "在", "我们", "report"];

    /// <summary>The data folder, or null.</summary>
    public static string? DataFolder
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                var data = Path.Combine(folder.FullName, "shared", "data");
                if (Directory.Exists(Path.Combine(data, "zh_rumor_ced")))
                {
                    return data;
                }
            }

            return null;
        }
    }

    /// <summary>Generated labelled texts, always the same.</summary>
    public static List<LabelledText> Generated(int count)
    {
        var random = new Random(7);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var label = i & 1;
            var own = label == 1 ? Bad : Good;
            var words = Enumerable.Range(0, 5 + random.Next(40)).Select(_ => random.Next(6) == 0 ? own[random.Next(own.Length)] : Plain[random.Next(Plain.Length)]);
            return new LabelledText(string.Join(random.Next(3) == 0 ? " " : "", words), label, i);
        })];
    }

    /// <summary>Real posts if there are any, else generated ones.</summary>
    public static List<LabelledText> Any(int count) =>
        DataFolder is { } folder ? [.. LabelledSets.ChineseRumours(folder).Concat(LabelledSets.EnglishFakes(folder, "Train")).Take(count)] : Generated(count);
}
