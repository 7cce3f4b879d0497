using System.Text;
using RiskWatch.Core.Text;

namespace RiskWatch.Adapters.Embedded.Store;

/// <summary>
/// Our own tokens for FTS5, which cuts at spaces only. A CJK run c1…cn becomes its overlapping bigrams and, last, cn alone: a query of one character is
/// then a prefix (c*), a longer one the phrase of its bigrams, and no second token per character is needed. Words are lower-cased.
/// Filters ride in the same index as tokens that no text can hold, so that one sorted lookup answers words and filters together.
/// </summary>
internal static class SearchTokens
{
    // Nobody searches for a longer word, and garbage must not make giant tokens.
    private const int LongestWord = 64;

    // First of the private-use characters that stand for ASCII in filter tokens: FTS5's ascii tokeniser would cut at punctuation and fold case.
    private const char Escape = '\ue000';

    // Stands between title and text, so that no phrase reaches over the border.
    private const char Border = '\ue0ff';

    private const char FirstFacet = '\ue100';

    /// <summary>Appends the tokens of a text.</summary>
    public static void AppendText(StringBuilder tokens, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return;
        }

        var normalised = SearchRuns.Normalise(text);
        var position = 0;
        while (SearchRuns.Next(normalised, ref position, out var run))
        {
            AppendRun(tokens, normalised.AsSpan(run.Start, run.Length), run.Cjk, last: true);
        }

        tokens.Append(Border).Append(' ');
    }

    /// <summary>Appends the tokens of one run; without the last single character where <paramref name="last"/> is false.</summary>
    public static void AppendRun(StringBuilder tokens, ReadOnlySpan<char> run, bool cjk, bool last)
    {
        if (!cjk)
        {
            foreach (var c in run.Length > LongestWord ? run[..LongestWord] : run)
            {
                tokens.Append(LowerCase.Of(c));
            }

            tokens.Append(' ');
            return;
        }

        var index = 0;
        while (index < run.Length)
        {
            var length = SearchRuns.CharacterLength(run, index);
            var next = index + length;
            if (next < run.Length)
            {
                tokens.Append(run.Slice(index, length + SearchRuns.CharacterLength(run, next))).Append(' ');
            }
            else if (last)
            {
                tokens.Append(run[index..]).Append(' ');
            }

            index = next;
        }
    }

    /// <summary>Appends the token of a filter.</summary>
    public static void AppendFacet(StringBuilder tokens, Facet facet, string value)
    {
        tokens.Append((char)(FirstFacet + (int)facet));
        foreach (var c in value)
        {
            tokens.Append(c < 0x80 && !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) ? (char)(Escape + c) : c);
        }

        tokens.Append(' ');
    }
}

/// <summary>What records are filtered by.</summary>
internal enum Facet
{
    Site,
    Topic,
    Place,
    Source,
    Kind,
    Sentiment,
    Band,
    Group,
}
