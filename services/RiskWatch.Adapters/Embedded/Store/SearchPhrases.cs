using System.Text;

namespace RiskWatch.Adapters.Embedded.Store;

/// <summary>Words that must occur one after the other.</summary>
/// <param name="Tokens">Tokens as <see cref="SearchTokens"/> writes them, with spaces between.</param>
/// <param name="Prefix">True where the last one is a single CJK character, which is the start of a token.</param>
internal readonly record struct SearchPhrase(string Tokens, bool Prefix);

/// <summary>Cuts a query's text into phrases, all of which must occur; the same for every store, so that all find the same.</summary>
internal static class SearchPhrases
{
    /// <summary>The phrases; none where the text holds no word.</summary>
    public static IEnumerable<SearchPhrase> Of(string query)
    {
        // Every second part lies between quotes; an unclosed quote reaches to the end.
        var parts = SearchRuns.Normalise(query).Split('"', '\u201c', '\u201d');
        for (var i = 0; i < parts.Length; i++)
        {
            var runs = Runs(parts[i]);
            if (i % 2 == 1 && runs.Count > 0)
            {
                yield return Phrase(parts[i], runs);
            }
            else
            {
                foreach (var run in runs)
                {
                    yield return Phrase(parts[i], [run]);
                }
            }
        }
    }

    private static List<SearchRun> Runs(string text)
    {
        var runs = new List<SearchRun>();
        var position = 0;
        while (SearchRuns.Next(text, ref position, out var run))
        {
            runs.Add(run);
        }

        return runs;
    }

    private static SearchPhrase Phrase(string text, List<SearchRun> runs)
    {
        var phrase = new StringBuilder();
        foreach (var run in runs[..^1])
        {
            SearchTokens.AppendRun(phrase, text.AsSpan(run.Start, run.Length), run.Cjk, last: true);
        }

        var end = text.AsSpan(runs[^1].Start, runs[^1].Length);
        var single = runs[^1].Cjk && SearchRuns.CharacterLength(end, 0) == end.Length;
        SearchTokens.AppendRun(phrase, end, runs[^1].Cjk, last: single);
        return new SearchPhrase(phrase.ToString().TrimEnd(' '), single);
    }
}
