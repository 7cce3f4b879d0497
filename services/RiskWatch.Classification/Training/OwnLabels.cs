using System.Globalization;
using System.Text.Json;
using RiskWatch.Classification.Models;

namespace RiskWatch.Classification.Training;

/// <summary>
/// Labels that the user's own staff gave: a JSON object a line with <c>text</c> and <c>falseInformation</c> (true or false), <c>sentiment</c> (negative, neutral, positive) or
/// both; <c>language</c>, and <c>by</c> and <c>at</c> (who and when), which <c>riskwatch labels</c> writes of corrections.
/// </summary>
internal static class OwnLabels
{
    // Fewer rows cannot be split and measured.
    private const int LeastAlone = 100;

    /// <summary>Adds the file's rows to the heads that they are for, as a set that is only trained on. A head that has no other rows is trained on these alone, split by time, where they are enough.</summary>
    /// <exception cref="InvalidDataException">A line is no such object.</exception>
    public static List<HeadData> Add(IReadOnlyList<HeadData> data, string path)
    {
        var rows = Read(path);
        var name = Path.GetFileName(path);
        var heads = data.ToList();
        foreach (var group in rows.GroupBy(r => (r.Head, r.Language)))
        {
            List<LabelledText> own = HeadCatalogue.Once([.. group.Select(r => r.Row).OrderBy(r => r.Order)]);
            var at = heads.FindIndex(h => (h.Recipe.Name, h.Recipe.Language) == group.Key);
            if (at >= 0)
            {
                heads[at] = heads[at] with { Sets = [.. heads[at].Sets, new HeadSet(name, own, own.Count, "only trained on; own labels")] };
            }
            else if (HeadCatalogue.Languages.Contains(group.Key.Language) && own.Count >= LeastAlone && own.Select(r => r.Label).Distinct().Count() > 1)
            {
                heads.Add(new HeadData(HeadCatalogue.RecipeOf(group.Key.Head, group.Key.Language), [new HeadSet(name, own, own.Count * 4 / 5, "the last fifth by time")]));
            }
        }

        return heads.Count > 0 ? heads : throw new InvalidDataException($"'{path}' has too few labels to train a head: at least {LeastAlone} texts of a language (zh or en), of more than one label.");
    }

    private static List<(string Head, string Language, LabelledText Row)> Read(string path)
    {
        var rows = new List<(string Head, string Language, LabelledText Row)>();
        foreach (var (index, line) in File.ReadLines(path).Index().Where(l => l.Item.AsSpan().Trim().Length > 0))
        {
            try
            {
                using var document = JsonDocument.Parse(line);
                Add(rows, document.RootElement, index);
            }
            catch (Exception e) when (e is JsonException or InvalidDataException)
            {
                throw new InvalidDataException($"'{path}', line {index + 1}: {(e is JsonException ? "not a JSON object" : e.Message)}.", e);
            }
        }

        return rows;
    }

    private static void Add(List<(string Head, string Language, LabelledText Row)> rows, JsonElement line, int index)
    {
        if (line.ValueKind != JsonValueKind.Object || String(line, "text") is not { Length: > 0 } text)
        {
            throw new InvalidDataException("has no 'text'");
        }

        var language = (String(line, "language") ?? LanguageIdentifier.Identify(text)).Split('-')[0];
        long order = String(line, "at") is not { } at ? index
            : DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.ToUnixTimeSeconds() : throw new InvalidDataException($"'at' is no time: '{at}'");
        var before = rows.Count;
        if (line.TryGetProperty("falseInformation", out var isFalse) && isFalse.ValueKind != JsonValueKind.Null)
        {
            rows.Add((HeadNames.FalseInformation, language, new LabelledText(text, isFalse.ValueKind switch { JsonValueKind.True => 1, JsonValueKind.False => 0, _ => throw new InvalidDataException("'falseInformation' must be true or false") }, order)));
        }

        if (String(line, "sentiment") is { } mood)
        {
            var label = Array.IndexOf(LabelledSets.Moods, mood);
            rows.Add((HeadNames.Sentiment, language, new LabelledText(text, label >= 0 ? label : throw new InvalidDataException($"'sentiment' must be {string.Join(", ", LabelledSets.Moods)}"), order)));
        }

        if (rows.Count == before)
        {
            throw new InvalidDataException("has neither 'falseInformation' nor 'sentiment'");
        }
    }

    private static string? String(JsonElement line, string name) => line.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
