using System.Text.Json;
using RiskWatch.Classification.Models;
using RiskWatch.Core.Text;

namespace RiskWatch.Classification.Training;

/// <summary>Texts that nobody labelled, for the encoder stage to teach the fast heads with.</summary>
internal static class UnlabelledTexts
{
    // Shorter texts say too little for the encoder too; longer ones cost it most and are like none of the posts.
    private const int Shortest = 8;
    private const int Longest = 140;

    /// <summary>
    /// The distinct texts of a language in files, 8–140 characters long without what they quote ("//@name: …"), at most <paramref name="most"/> of them: those of the
    /// least hash, which is a fair choice and the same each time. A line is a text; of a line with tabs the last field; of a JSON object its <c>text</c>.
    /// </summary>
    public static List<string> Read(IEnumerable<string> paths, string language, int most)
    {
        var kept = new PriorityQueue<(ulong Hash, string Text), ulong>(Comparer<ulong>.Create((a, b) => b.CompareTo(a)));
        var seen = new HashSet<ulong>();
        foreach (var whole in paths.SelectMany(File.ReadLines).Select(TextOf))
        {
            var text = Own(whole);
            var hash = StableHash.Of(text);
            if (text.Length is < Shortest or > Longest || (kept.Count == most && hash > kept.Peek().Hash) || LanguageIdentifier.Identify(text) != language || !seen.Add(hash))
            {
                continue;
            }

            kept.Enqueue((hash, text), hash);
            if (kept.Count > most)
            {
                kept.Dequeue();
            }
        }

        return [.. kept.UnorderedItems.Select(e => e.Element).OrderBy(e => e.Hash).Select(e => e.Text)];
    }

    private static string TextOf(string line)
    {
        if (!line.StartsWith('{'))
        {
            return line[(line.LastIndexOf('\t') + 1)..];
        }

        using var document = JsonDocument.Parse(line);
        return document.RootElement.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";
    }

    private static string Own(string text)
    {
        var quoted = text.IndexOf("//@", StringComparison.Ordinal);
        return (quoted < 0 ? text : text[..quoted]).Trim();
    }
}
