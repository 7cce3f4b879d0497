using System.Globalization;
using System.Text;

namespace RiskWatch.Classification.Models;

/// <summary>
/// Signs set between the letters of a text so that people still read it and a classifier may not ("疫·情·爆·发", "f r a u d"). A run begins where three
/// signs stand with one letter between each, and goes on while every second character is a sign.
/// </summary>
internal static class Interleaving
{
    /// <summary>Whether a run begins with the sign at <paramref name="at"/>, which follows a letter.</summary>
    public static bool Begins(ReadOnlySpan<char> text, int at)
    {
        for (var gap = 0; gap < 3; gap++)
        {
            var length = SignAt(text, at);
            if (length == 0 || at + length >= text.Length || !IsLetter(text[at + length]))
            {
                return false;
            }

            at += length + 1;
        }

        return true;
    }

    /// <summary>Where the next sign of a run stands whose present sign is at <paramref name="at"/>, −1 where it ends; <paramref name="length"/> is the present one's.</summary>
    public static int Next(ReadOnlySpan<char> text, int at, out int length)
    {
        length = Math.Max(1, SignAt(text, at));
        var kept = at + length;
        var next = kept < text.Length && char.IsHighSurrogate(text[kept]) ? kept + 2 : kept + 1;
        var other = SignAt(text, next);
        return other > 0 && (text.Slice(at, length).SequenceEqual(text.Slice(next, other)) || next + other < text.Length && IsLetter(text[next + other])) ? next : -1;
    }

    /// <summary>Whether a character is a letter to readers: radicals are symbols to Unicode.</summary>
    public static bool IsLetter(char c) => char.IsLetter(c) || c is >= '\u2E80' and <= '\u2FDF';

    // Length of the sign: neither a letter nor a digit nor the mark of one; an emoji has two characters.
    private static int SignAt(ReadOnlySpan<char> text, int at)
    {
        if (at >= text.Length || IsLetter(text[at]) || char.IsDigit(text[at]))
        {
            return 0;
        }

        if (!char.IsSurrogate(text[at]))
        {
            return CharUnicodeInfo.GetUnicodeCategory(text[at]) is UnicodeCategory.NonSpacingMark or UnicodeCategory.Format ? 0 : 1;
        }

        return char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1])
            && Rune.GetUnicodeCategory(new Rune(text[at], text[at + 1])) > UnicodeCategory.OtherNumber ? 2 : 0;
    }
}
