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
        Add(terms, Facet.Topic, query.TopicFilter);
        Add(terms, Facet.Place, query.Place);
        Add(terms, Facet.Source, query.Source);
        Add(terms, Facet.Kind, query.Kind?.ToString());
        Add(terms, Facet.Sentiment, query.Sentiment?.ToString());
        Add(terms, Facet.Band, query.BandFilter?.ToString());
        Add(terms, Facet.Group, query.Group);
        if (!string.IsNullOrWhiteSpace(query.Text))
        {
            var filters = terms.Count;
            terms.AddRange(SearchPhrases.Of(query.Text).Select(phrase => $"\"{phrase.Tokens}{(phrase.Prefix ? " \" *" : " \"")}"));
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
}
