using System.Buffers;
using RiskWatch.Core.Text;

namespace RiskWatch.Classification.Text;

/// <summary>
/// Up to eight terms of a record, from its text alone: hashtags, quoted and bracketed phrases, runs of capitalised words, and Chinese pieces, of short texts
/// those of three to five characters, of long ones those of four. What a text repeats comes first, then what has the smallest hash, so that texts that share
/// words tend to choose the same pieces; pieces that overlap become a phrase again where they burst.
/// </summary>
internal static class Terms
{
    /// <summary>Most terms of a record (LOG §4.4).</summary>
    public const int Most = 8;

    private const char FirstIdeograph = '\u4E00';
    private const char LastIdeograph = '\u9FFF';
    private const int Read = 2000;
    private const int ShortText = 60;
    private const int MostRepeats = 3;
    private static readonly (int Shortest, int Longest) PiecesOfShort = (3, 5);
    private static readonly (int Shortest, int Longest) PiecesOfLong = (4, 4);
    private const int ShortestPhrase = 2;
    private const int LongestPhrase = 12;
    private static readonly SearchValues<char> Stops = SearchValues.Create("的了在是和与及或被把将就都也又还很吗呢吧啊哦这那有个为对从到让给跟等会要能可想说看她他它我你们不没最更太再去来上下着过地得之其某什么");

    // What letters to an authority say whatever they are about.
    private static readonly string[] Formulae = ["相关部门", "有关部门", "职能部门", "政府部门", "主管部门", "解决问题", "安全隐患", "尊敬领导", "希望领导", "希望政府", "希望尽快", "尽快解决", "工作人员", "人民群众", "广大居民", "广大市民", "小区居民", "小区业主", "周边居民", "附近居民", "严重影响", "正常生活", "日常生活", "百忙之中", "至今没有", "多次反映"];
    private static readonly (char Open, char Close)[] Pairs = [('#', '#'), ('《', '》'), ('【', '】'), ('\u201C', '\u201D'), ('「', '」'), ('『', '』')];

    /// <summary>The terms, lower-cased, explicit ones first.</summary>
    public static IReadOnlyList<string> Of(string text)
    {
        var read = text.AsSpan(0, Math.Min(text.Length, Read));
        var terms = new List<string>(Most);
        foreach (var (open, close) in Pairs)
        {
            AddBetween(read, open, close, terms);
        }

        AddHashtags(read, terms);
        AddNames(read, terms);
        if (terms.Count < Most && read.ContainsAnyInRange(FirstIdeograph, LastIdeograph))
        {
            AddPieces(read, terms);
        }

        return terms;
    }

    private static void AddBetween(ReadOnlySpan<char> text, char open, char close, List<string> terms)
    {
        for (var at = text.IndexOf(open); at >= 0;)
        {
            var rest = text[(at + 1)..];
            var end = rest.IndexOf(close);
            if (end < 0)
            {
                return;
            }

            // A # that does not close a phrase opens the next; English hashtags do not close.
            var phrase = open == close && rest[..end].IndexOfAnyInRange(FirstIdeograph, LastIdeograph) < 0 ? default : rest[..end].Trim();
            var taken = phrase.Length is >= ShortestPhrase and <= LongestPhrase && Add(phrase, terms);
            text = rest[(taken || open != close ? end + 1 : end)..];
            at = text.IndexOf(open);
        }
    }

    private static void AddHashtags(ReadOnlySpan<char> text, List<string> terms)
    {
        for (var i = 0; i + 1 < text.Length; i++)
        {
            if (text[i] == '#' && (i == 0 || !char.IsLetterOrDigit(text[i - 1])) && char.IsAsciiLetter(text[i + 1]))
            {
                var end = i + 1;
                while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
                {
                    end++;
                }

                if (end - i > ShortestPhrase && (end == text.Length || text[end] != '#'))
                {
                    Add(text[(i + 1)..end], terms);
                }

                i = end - 1;
            }
        }
    }

    /// <summary>Runs of at least two capitalised words; text that is all capitals has none.</summary>
    private static void AddNames(ReadOnlySpan<char> text, List<string> terms)
    {
        var (start, end, words) = (-1, 0, 0);
        for (var i = 0; i < text.Length && terms.Count < Most;)
        {
            if (!char.IsAsciiLetter(text[i]))
            {
                // Only single spaces keep a run together.
                if (start >= 0 && !(text[i] == ' ' && i == end))
                {
                    Close(text, ref start, end, ref words, terms);
                }

                i++;
                continue;
            }

            var from = i;
            while (i < text.Length && (char.IsAsciiLetterOrDigit(text[i]) || text[i] == '\''))
            {
                i++;
            }

            if (char.IsAsciiLetterUpper(text[from]) && i - from > 1 && char.IsAsciiLetterLower(text[from + 1]))
            {
                start = start < 0 ? from : start;
                (end, words) = (i, words + 1);
            }
            else
            {
                Close(text, ref start, end, ref words, terms);
            }
        }

        Close(text, ref start, end, ref words, terms);
    }

    private static void Close(ReadOnlySpan<char> text, ref int start, int end, ref int words, List<string> terms)
    {
        if (words is >= 2 and <= 4)
        {
            Add(text[start..end], terms);
        }

        (start, words) = (-1, 0);
    }

    private static void AddPieces(ReadOnlySpan<char> text, List<string> terms)
    {
        var (shortest, longest) = text.Length <= ShortText ? PiecesOfShort : PiecesOfLong;
        var rented = ArrayPool<Piece>.Shared.Rent(text.Length * (longest - shortest + 1));
        var pieces = Ranked(text, shortest, longest, rented);
        var explicitTerms = terms.Count;
        foreach (var (_, _, start, length) in pieces)
        {
            if (terms.Count == Most)
            {
                break;
            }

            var piece = text.Slice(start, length);
            if (!Overlaps(terms, explicitTerms, piece) && !IsFormula(piece))
            {
                Add(piece, terms);
            }
        }

        ArrayPool<Piece>.Shared.Return(rented);
    }

    /// <summary>Each piece once, at its first place, in the order of choice.</summary>
    private static Span<Piece> Ranked(ReadOnlySpan<char> text, int shortest, int longest, Span<Piece> pieces)
    {
        var count = 0;
        for (var start = 0; start < text.Length; start++)
        {
            for (var length = 1; length <= longest && start + length <= text.Length && IsPieceOf(text[start + length - 1]); length++)
            {
                if (length >= shortest)
                {
                    pieces[count++] = new Piece(1, StableHash.Of(text.Slice(start, length)), start, length);
                }
            }
        }

        pieces = pieces[..count];
        pieces.Sort(static (a, b) => a.Hash != b.Hash ? a.Hash.CompareTo(b.Hash) : a.Start.CompareTo(b.Start));
        var kept = 0;
        for (var i = 0; i < pieces.Length; i++)
        {
            if (kept > 0 && pieces[kept - 1].Hash == pieces[i].Hash)
            {
                pieces[kept - 1] = pieces[kept - 1] with { Times = pieces[kept - 1].Times + 1 };
            }
            else
            {
                pieces[kept++] = pieces[i];
            }
        }

        pieces = pieces[..kept];
        pieces.Sort(static (a, b) => Math.Min(b.Times, MostRepeats).CompareTo(Math.Min(a.Times, MostRepeats)) is var byTimes and not 0 ? byTimes : a.Hash.CompareTo(b.Hash));
        return pieces;
    }

    /// <summary>Whether a chosen piece holds this one or lies in it: both would tell the same.</summary>
    private static bool Overlaps(List<string> terms, int from, ReadOnlySpan<char> piece)
    {
        for (var i = from; i < terms.Count; i++)
        {
            if (piece.IndexOf(terms[i]) >= 0 || terms[i].AsSpan().IndexOf(piece) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether it is a formula or mostly one.</summary>
    private static bool IsFormula(ReadOnlySpan<char> piece)
    {
        foreach (var formula in Formulae)
        {
            if (piece.IndexOf(formula.AsSpan(0, 3)) >= 0 || piece.IndexOf(formula.AsSpan(1)) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsPieceOf(char c) => c is >= FirstIdeograph and <= LastIdeograph && !Stops.Contains(c);

    private static bool Add(ReadOnlySpan<char> term, List<string> terms)
    {
        if (terms.Count == Most || term.Length < ShortestPhrase || !HasLetter(term))
        {
            return false;
        }

        var text = string.Create(term.Length, term, static (lower, term) =>
        {
            for (var i = 0; i < lower.Length; i++)
            {
                lower[i] = LowerCase.Of(term[i]);
            }
        });
        if (!terms.Contains(text))
        {
            terms.Add(text);
        }

        return true;
    }

    private static bool HasLetter(ReadOnlySpan<char> term)
    {
        foreach (var c in term)
        {
            if (char.IsLetter(c))
            {
                return true;
            }
        }

        return false;
    }

    private readonly record struct Piece(int Times, ulong Hash, int Start, int Length);
}
