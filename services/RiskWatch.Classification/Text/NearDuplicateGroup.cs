using System.Buffers;
using System.Globalization;
using System.Text;
using RiskWatch.Core.Text;

namespace RiskWatch.Classification.Text;

/// <summary>The near-duplicate group of a text: the same for texts that differ only in links, names, digits, punctuation, emoji, forwarding marks, case and spacing. A pure function of the text, however the group grows.</summary>
internal static class NearDuplicateGroup
{
    /// <summary>Longest name after an @; longer runs are words without spacing.</summary>
    private const int LongestName = 30;

    /// <summary>Longest emoji code in brackets, as in [doge].</summary>
    private const int LongestCode = 8;

    private static readonly string[] Marks = ["转发微博", "轉發微博", "快转微博", "转发了微博", "repost"];
    private static readonly string[] BeforeNames = ["rt", "via", "from", "转自", "来自", "分享自", "回复", "回覆", "reply to"];
    private static readonly string[] Links = ["http://", "https://", "www.", "t.cn/", "t.co/"];

    // Nearly no character begins any of them.
    private static readonly SearchValues<char> Beginnings = SearchValues.Create([.. Marks.Concat(BeforeNames).Concat(Links).SelectMany(word => new[] { char.ToLowerInvariant(word[0]), char.ToUpperInvariant(word[0]) })]);

    /// <summary>16 hexadecimal digits. Where nothing is left, the hash of the normalised text itself.</summary>
    public static string Of(string text)
    {
        var normal = TextNormalizer.Normalize(text);
        var kept = ArrayPool<char>.Shared.Rent(normal.Length + 1);
        try
        {
            var length = Keep(normal, kept);
            return StableHash.Hex(length == 0 ? normal : kept.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<char>.Shared.Return(kept);
        }
    }

    private static int Keep(string text, Span<char> kept)
    {
        var length = 0;
        for (var i = 0; i < text.Length;)
        {
            var skipped = Skip(text, i);
            if (skipped > 0)
            {
                i += skipped;
                continue;
            }

            // Normalised text has no broken surrogates.
            var rune = Rune.GetRuneAt(text, i);
            i += rune.Utf16SequenceLength;
            if (Rune.GetUnicodeCategory(rune) is <= UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark)
            {
                if (rune.IsBmp)
                {
                    kept[length++] = LowerCase.Of((char)rune.Value);
                }
                else
                {
                    length += Rune.ToLowerInvariant(rune).EncodeToUtf16(kept[length..]);
                }
            }
        }

        return length;
    }

    /// <summary>How many characters from here on are a link, a name with what announces it, a forwarding mark or an emoji code.</summary>
    private static int Skip(string text, int at)
    {
        var rest = text.AsSpan(at);
        switch (rest[0])
        {
            case '@':
                return 1 + Name(rest[1..]);
            case '[':
                var close = rest[..Math.Min(rest.Length, LongestCode + 2)].IndexOf(']');
                return close > 0 && rest[1..close].IndexOf(' ') < 0 ? close + 1 : 1;
            case var first when !Beginnings.Contains(first):
                return 0;
            default:
                break;
        }

        if (Starting(rest, Links) > 0 && AtEdge(text, at))
        {
            return Link(rest);
        }

        if (Starting(rest, Marks) is > 0 and var mark)
        {
            return mark;
        }

        var announcing = AtEdge(text, at) ? Starting(rest, BeforeNames) : 0;
        if (announcing > 0)
        {
            var name = rest[announcing..].TrimStart(' ');
            if (!name.IsEmpty && name[0] == '@')
            {
                return rest.Length - name.Length + 1 + Name(name[1..]);
            }
        }

        return 0;
    }

    private static bool AtEdge(string text, int at) => at == 0 || !char.IsAsciiLetterOrDigit(text[at]) || !char.IsAsciiLetterOrDigit(text[at - 1]);

    private static int Starting(ReadOnlySpan<char> rest, string[] words)
    {
        foreach (var word in words)
        {
            if (rest.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            {
                return word.Length;
            }
        }

        return 0;
    }

    private static int Name(ReadOnlySpan<char> rest)
    {
        var length = 0;
        while (length < rest.Length && length < LongestName && (char.IsLetterOrDigit(rest[length]) || rest[length] is '_' or '-' or '·'))
        {
            length++;
        }

        // "@user@server" is one name.
        return length < rest.Length - 1 && length > 0 && rest[length] == '@' ? length + 1 + Server(rest[(length + 1)..]) : length;
    }

    private static int Server(ReadOnlySpan<char> rest)
    {
        var length = 0;
        while (length < rest.Length && (char.IsAsciiLetterOrDigit(rest[length]) || (rest[length] is '.' or '-' && length + 1 < rest.Length && char.IsAsciiLetterOrDigit(rest[length + 1]))))
        {
            length++;
        }

        return length;
    }

    private static int Link(ReadOnlySpan<char> rest)
    {
        var length = 0;
        while (length < rest.Length && rest[length] is > ' ' and < '\u007F' and not ('"' or '<' or '>'))
        {
            length++;
        }

        return length;
    }
}
