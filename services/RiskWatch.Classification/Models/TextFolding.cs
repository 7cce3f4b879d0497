using System.Globalization;
using RiskWatch.Core.Text;

namespace RiskWatch.Classification.Models;

/// <summary>
/// Folds a text to what its features are made of: compatibility forms, case, traditional characters, look-alikes of other scripts, zero-width tricks and
/// signs set between letters (<see cref="Interleaving"/>) are undone, and what would give a source away rather than its content (links, names, hashtag marks, 【】) is left out. One pass, no allocation.
/// </summary>
internal static class TextFolding
{
    /// <summary>Folded characters kept of one text; the rest is not read.</summary>
    public const int Limit = 2048;

    // Folded text is cut; of what is dropped on the way there may be more, but not without bound.
    private const int MostRead = 16 * Limit;

    private const char Drop = '\0';
    private const char FullWidth = '\uFF00';
    private const int LongestName = 30;
    private static readonly string[] Links = ["http://", "https://", "www.", "t.cn/", "t.co/"];
    private static readonly char[] Map = BuildMap();

    [ThreadStatic]
    private static char[]? _plain;

    /// <summary>Whether the folded character belongs to an alphabetic word or number.</summary>
    public static bool IsWordCharacter(char c) =>
        c < 0x2E80
            ? c < 0x80 ? (uint)(c - 'a') <= 25 || (uint)(c - '0') <= 9 : c >= 0xAA && c != 0xD7 && c != 0xF7 && (c < 0x2000 || c >= 0x2C00) && char.IsLetterOrDigit(c)
            : c is >= '\uA640' and < '\uAC00' && char.IsLetter(c);

    /// <summary>Writes the folded text; returns its length. <paramref name="folded"/> holds at least <see cref="Limit"/> characters.</summary>
    public static int Fold(ReadOnlySpan<char> text, Span<char> folded)
    {
        var map = Map;
        text = Interleaving.Undo(text[..Math.Min(text.Length, MostRead)], _plain ??= new char[MostRead]);
        var n = 0;
        var space = true;
        var limit = Math.Min(folded.Length, Limit) - 1;
        for (var i = 0; i < text.Length && n < limit; i++)
        {
            var c = map[text[i]];
            switch (c)
            {
                case Drop:
                    continue;
                case '@':
                    i = SkipName(text, i);
                    c = ' ';
                    break;
                case 'h' or 'w' or 't' when StartsLink(text, i):
                    i = SkipLink(text, i);
                    c = ' ';
                    break;
            }

            if (c == ' ')
            {
                if (!space)
                {
                    folded[n++] = ' ';
                    space = true;
                }

                continue;
            }

            if (char.IsSurrogate(c))
            {
                if (!char.IsHighSurrogate(c) || i + 1 >= text.Length || !char.IsLowSurrogate(text[i + 1]))
                {
                    continue;
                }

                folded[n++] = c;
                c = text[++i];
            }
            else if (n >= 3 && folded[n - 1] == c && folded[n - 2] == c && folded[n - 3] == c)
            {
                continue;
            }

            folded[n++] = c;
            space = false;
        }

        return n;
    }

    private static bool StartsLink(ReadOnlySpan<char> text, int i)
    {
        foreach (var link in Links)
        {
            if (Reads(text, i, link))
            {
                return true;
            }
        }

        return false;
    }

    // Whether the folded text would read so.
    private static bool Reads(ReadOnlySpan<char> text, int i, string what)
    {
        var read = 0;
        for (; i < text.Length && read < what.Length; i++)
        {
            var c = Map[text[i]];
            if (c == Drop && read > 0)
            {
                continue;
            }

            if (c != what[read])
            {
                return false;
            }

            read++;
        }

        return read == what.Length;
    }

    private static int SkipLink(ReadOnlySpan<char> text, int i)
    {
        // A comma after a link is full-width in Chinese and no part of it, unless the link is written so.
        var wide = text[i] >= FullWidth;
        while (i + 1 < text.Length && (text[i + 1] is > ' ' and < '\u007f' || Map[text[i + 1]] == Drop || (wide && Map[text[i + 1]] is > ' ' and < '\u007f')))
        {
            i++;
        }

        return i;
    }

    private static int SkipName(ReadOnlySpan<char> text, int i)
    {
        var length = 0;
        for (; i + 1 < text.Length && length < LongestName; i++)
        {
            if (char.IsLetterOrDigit(text[i + 1]) || text[i + 1] is '_' or '-')
            {
                length++;
            }
            else if (Map[text[i + 1]] != Drop)
            {
                break;
            }
        }

        return i;
    }

    private static char[] BuildMap()
    {
        var map = new char[0x10000];
        for (var i = 0; i < map.Length; i++)
        {
            map[i] = FoldOne((char)i);
        }

        // A table of ours rather than the runtime's normalisation: that one depends on the ICU of the machine, and the model must not.
        using var table = new StreamReader(typeof(TextFolding).Assembly.GetManifestResourceStream("RiskWatch.Classification.Models.folding.txt")!);
        while (table.ReadLine() is { } line)
        {
            if (line.Length == 2)
            {
                map[line[0]] = line[1] is '#' or '【' or '】' ? ' ' : line[1];
            }
        }

        return map;
    }

    private static char FoldOne(char c)
    {
        if (char.IsSurrogate(c))
        {
            return c;
        }

        if (c is '#' or '\uFF03' or '【' or '】' || char.IsWhiteSpace(c) || char.IsControl(c))
        {
            return ' ';
        }

        var category = CharUnicodeInfo.GetUnicodeCategory(c);
        if (category is UnicodeCategory.Format or UnicodeCategory.NonSpacingMark or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse)
        {
            return Drop;
        }

        return LowerCase.Of(c);
    }
}
