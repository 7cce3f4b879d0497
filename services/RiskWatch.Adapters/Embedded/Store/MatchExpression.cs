using System.Text;
using RiskWatch.Contracts;
using RiskWatch.Core.Store;

namespace RiskWatch.Adapters.Embedded.Store;

/// <summary>Turns a query into an FTS5 expression.</summary>
internal static class MatchExpression
{
    /// <summary>Matches every record.</summary>
    public static string All { get; } = $"{Facets(Facet.Kind, nameof(RecordKind.Post))} OR {Facets(Facet.Kind, nameof(RecordKind.Hotline))}";

    /// <summary>Expression of a filter.</summary>
    public static string Facets(Facet facet, string value)
    {
        var tokens = new StringBuilder("\"");
        SearchTokens.AppendFacet(tokens, facet, value);
        return tokens.Append('"').ToString();
    }

    /// <summary>The expression; empty where the query asks for nothing but times; null where its text holds no word, so that nothing can match.</summary>
    public static string? Of(RecordQuery query)
    {
        var terms = new List<string>();
        Add(terms, Facet.Site, query.Site);
        Add(terms, Facet.Topic, query.Topic == "*" ? null : query.Topic);
        Add(terms, Facet.Place, query.Place);
        Add(terms, Facet.Source, query.Source);
        Add(terms, Facet.Kind, query.Kind?.ToString());
        Add(terms, Facet.Sentiment, query.Sentiment?.ToString());
        Add(terms, Facet.Band, query.Band?.ToString());
        Add(terms, Facet.Group, query.Group);
        if (!string.IsNullOrWhiteSpace(query.Text))
        {
            var filters = terms.Count;
            AddWords(terms, SearchRuns.Normalise(query.Text));
            if (terms.Count == filters)
            {
                return null;
            }
        }

        return string.Join(" AND ", terms);
    }

    private static void Add(List<string> terms, Facet facet, string? value)
    {
        if (value is not null)
        {
            terms.Add(Facets(facet, value));
        }
    }

    private static void AddWords(List<string> terms, string text)
    {
        // Every second part lies between quotes; an unclosed quote reaches to the end.
        var parts = text.Split('"', '\u201c', '\u201d');
        for (var i = 0; i < parts.Length; i++)
        {
            var runs = Runs(parts[i]);
            if (i % 2 == 1 && runs.Count > 0)
            {
                terms.Add(Phrase(parts[i], runs));
            }
            else
            {
                terms.AddRange(runs.Select(run => Phrase(parts[i], [run])));
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

    private static string Phrase(string text, List<SearchRun> runs)
    {
        var phrase = new StringBuilder("\"");
        foreach (var run in runs[..^1])
        {
            SearchTokens.AppendRun(phrase, text.AsSpan(run.Start, run.Length), run.Cjk, last: true);
        }

        var end = text.AsSpan(runs[^1].Start, runs[^1].Length);
        var single = runs[^1].Cjk && SearchRuns.CharacterLength(end, 0) == end.Length;
        SearchTokens.AppendRun(phrase, end, runs[^1].Cjk, last: single);
        return phrase.Append(single ? "\" *" : "\"").ToString();
    }
}
