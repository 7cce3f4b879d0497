namespace RiskWatch.Alerting.Detection;

/// <summary>Pieces of Chinese text (see <c>Terms</c> in classification) put together to the phrase that they were cut from.</summary>
internal static class TermPhrase
{
    private const int Longest = 12;
    private const int Overlap = 3;

    /// <summary>The term, continued on both sides by those <paramref name="beside"/> it that overlap with it; a term that is no piece stays as it is.</summary>
    public static string Of(string term, IEnumerable<string> beside)
    {
        if (term.Length < Overlap || !IsPiece(term))
        {
            return term;
        }

        var pieces = beside.Where(b => b.Length > Overlap && IsPiece(b)).ToList();
        for (var grown = true; grown && term.Length < Longest;)
        {
            grown = false;
            if (pieces.Find(b => !term.Contains(b, StringComparison.Ordinal) && term.EndsWith(b[..Overlap], StringComparison.Ordinal)) is { } after)
            {
                (term, grown) = (term + after[Overlap..], true);
            }
            else if (pieces.Find(b => !term.Contains(b, StringComparison.Ordinal) && term.StartsWith(b[^Overlap..], StringComparison.Ordinal)) is { } before)
            {
                (term, grown) = (before[..^Overlap] + term, true);
            }
        }

        return term;
    }

    /// <summary>Whether two are one phrase: one holds the other, or one's end is the other's beginning.</summary>
    public static bool IsSame(string a, string b) => IsPiece(a) && IsPiece(b) && a.Length >= Overlap && b.Length >= Overlap
        && (a.Contains(b, StringComparison.Ordinal) || b.Contains(a, StringComparison.Ordinal)
            || a.EndsWith(b[..Overlap], StringComparison.Ordinal) || b.EndsWith(a[..Overlap], StringComparison.Ordinal));

    private static bool IsPiece(string term) => term.All(c => c is >= '\u4E00' and <= '\u9FFF');
}
