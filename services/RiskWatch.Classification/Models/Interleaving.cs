using System.Globalization;
using System.Text;

namespace RiskWatch.Classification.Models;

/// <summary>
/// Signs set between the characters of a text so that people still read it and a classifier may not ("疫·情·爆·发", "f r a u d"). A run begins where three
/// signs stand with one letter between each, or three times the same sign with any one character, and goes on while every second character is a sign.
/// </summary>
internal static class Interleaving
{
    private const int LeastSigns = 3;

    private static readonly Kind[] Kinds = BuildKinds();

    /// <summary>The text without such signs; the text itself, and nothing written, where it has none. What does not fit into the buffer is left out.</summary>
    public static ReadOnlySpan<char> Undo(ReadOnlySpan<char> text, Span<char> buffer)
    {
        var begin = FirstRun(text);
        return begin < 0 ? text : buffer[..Copy(text, begin, buffer)];
    }

    // Nearly no text has one, so the scan only looks where a sign stands two or three characters after another.
    private static int FirstRun(ReadOnlySpan<char> text)
    {
        var kinds = Kinds;
        for (var i = 1; i + 2 < text.Length; i++)
        {
            var c = text[i];
            if (c is >= '\u4E00' and <= '\u9FFF' or >= 'a' and <= 'z')
            {
                continue;
            }

            var kind = kinds[c];
            if ((kind == Kind.Sign && kinds[text[i + 2]] is Kind.Sign or Kind.Surrogate || kind == Kind.Surrogate) && Begins(text, i))
            {
                return i;
            }
        }

        return -1;
    }

    private static int Copy(ReadOnlySpan<char> text, int begin, Span<char> buffer)
    {
        var sign = begin;
        var n = 0;
        for (var i = 0; i < text.Length && n < buffer.Length; i++)
        {
            if (i == sign)
            {
                sign = Next(text, i, out var length);
                i += length - 1;
            }
            else
            {
                sign = sign < i && i > begin && Begins(text, i) ? i : sign;
                if (i == sign)
                {
                    i--;
                }
                else
                {
                    buffer[n++] = text[i];
                }
            }
        }

        return n;
    }

    // Whether a run begins with a sign here: signs between single letters, or the same sign between single characters of any kind, a letter among them.
    private static bool Begins(ReadOnlySpan<char> text, int at)
    {
        var length = SignAt(text, at);
        if (at == 0 || length == 0)
        {
            return false;
        }

        var sign = text.Slice(at, length);
        var (letters, same) = (IsLetter(text[at - 1]), 0);
        var anyLetter = letters;
        for (var gap = 0; gap < LeastSigns && (letters || same == gap); gap++)
        {
            var kept = at + length;
            if (length == 0 || kept >= text.Length)
            {
                return false;
            }

            same += text.Slice(at, length).SequenceEqual(sign) && !text[kept..].StartsWith(sign) ? 1 : 0;
            letters &= IsLetter(text[kept]);
            anyLetter |= IsLetter(text[kept]);
            at = kept + (char.IsHighSurrogate(text[kept]) ? 2 : 1);
            length = SignAt(text, at);
        }

        return letters || (same == LeastSigns && anyLetter);
    }

    // Where the run's next sign stands, −1 where it ends.
    private static int Next(ReadOnlySpan<char> text, int at, out int length)
    {
        length = Math.Max(1, SignAt(text, at));
        var kept = at + length;
        var next = kept < text.Length && char.IsHighSurrogate(text[kept]) ? kept + 2 : kept + 1;
        var other = SignAt(text, next);
        return other > 0 && (text.Slice(at, length).SequenceEqual(text.Slice(next, other)) || (next + other < text.Length && IsLetter(text[next + other]))) ? next : -1;
    }

    private static bool IsLetter(char c) => Kinds[c] == Kind.Letter;

    private static Kind[] BuildKinds()
    {
        var kinds = new Kind[0x10000];
        for (var i = 0; i < kinds.Length; i++)
        {
            var c = (char)i;
            // Radicals are symbols to Unicode and letters to readers.
            kinds[i] = char.IsLetter(c) || c is >= '\u2E80' and <= '\u2FDF' ? Kind.Letter
                : char.IsDigit(c) || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.Format ? Kind.Other
                : char.IsSurrogate(c) ? Kind.Surrogate : Kind.Sign;
        }

        return kinds;
    }

    private enum Kind : byte
    {
        Letter,
        Other,
        Sign,
        Surrogate,
    }

    // Length of the sign: neither a letter nor a digit nor the mark of one; an emoji has two characters.
    private static int SignAt(ReadOnlySpan<char> text, int at)
    {
        if (at >= text.Length || Kinds[text[at]] is not (Kind.Sign or Kind.Surrogate))
        {
            return 0;
        }

        return Kinds[text[at]] == Kind.Sign ? 1 : char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1])
            && Rune.GetUnicodeCategory(new Rune(text[at], text[at + 1])) > UnicodeCategory.OtherNumber ? 2 : 0;
    }
}
