using System.Globalization;
using System.Text;

namespace RiskWatch.Adapters.Embedded.Store;

/// <summary>A run of one kind of characters in a text: Chinese, Japanese or Korean ones, or the letters and digits of one word.</summary>
internal readonly record struct SearchRun(int Start, int Length, bool Cjk);

/// <summary>Cuts texts into runs; documents and queries are cut by the same code, so that what is written is found.</summary>
internal static class SearchRuns
{
    private enum Kind
    {
        Separator,
        Word,
        Cjk,
    }

    /// <summary>The form in which texts are cut: NFKC, without broken surrogates, which normalisation refuses.</summary>
    public static string Normalise(string text)
    {
        if (IsPlain(text))
        {
            return text;
        }

        if (text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff') >= 0)
        {
            text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        }

        return text.IsNormalized(NormalizationForm.FormKC) ? text : text.Normalize(NormalizationForm.FormKC);
    }

    // What the edge lets through is mostly this; asking ICU costs more than the rest of cutting.
    private static bool IsPlain(string text)
    {
        foreach (var c in text)
        {
            if (c is not (< '\u0080' or >= '\u4e00' and <= '\u9fff' or '\u3001' or '\u3002' or >= '\u3008' and <= '\u3011'))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The next run of a normalised text at or after <paramref name="position"/>, which moves past it; false at the end.</summary>
    public static bool Next(ReadOnlySpan<char> text, ref int position, out SearchRun run)
    {
        var start = position;
        var current = Kind.Separator;
        while (position < text.Length)
        {
            var kind = KindOf(text, position, out var length);
            if (kind != current)
            {
                if (current != Kind.Separator)
                {
                    break;
                }

                start = position;
                current = kind;
            }

            position += length;
        }

        run = new SearchRun(start, position - start, current == Kind.Cjk);
        return current != Kind.Separator;
    }

    /// <summary>Number of UTF-16 units of the character at <paramref name="index"/>.</summary>
    public static int CharacterLength(ReadOnlySpan<char> text, int index) => char.IsHighSurrogate(text[index]) && index + 1 < text.Length ? 2 : 1;

    private static Kind KindOf(ReadOnlySpan<char> text, int index, out int length)
    {
        var c = text[index];
        length = CharacterLength(text, index);
        if (c < 0x80)
        {
            return char.IsAsciiLetterOrDigit(c) ? Kind.Word : Kind.Separator;
        }

        if (length == 2)
        {
            var rune = new Rune(c, text[index + 1]);
            return rune.Value is >= 0x20000 and <= 0x3ffff ? Kind.Cjk : Rune.IsLetterOrDigit(rune) ? Kind.Word : Kind.Separator;
        }

        // Ideographs and their extension A, compatibility ideographs, kana, hangul syllables, and 々〆〇.
        if (c is >= '\u4e00' and <= '\u9fff' or >= '\u3400' and <= '\u4dbf' or >= '\uf900' and <= '\ufaff'
            or >= '\u3041' and <= '\u30ff' and not '\u30fb' or >= '\u31f0' and <= '\u31ff' or >= '\uac00' and <= '\ud7a3' or >= '\u3005' and <= '\u3007')
        {
            return Kind.Cjk;
        }

        // Marks belong to the letter before them; in Hindi or Thai a word would fall apart without them.
        return char.IsLetterOrDigit(c) || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark ? Kind.Word : Kind.Separator;
    }
}
