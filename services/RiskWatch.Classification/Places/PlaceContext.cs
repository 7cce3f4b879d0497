using RiskWatch.Classification.Text;

namespace RiskWatch.Classification.Places;

/// <summary>What the characters around a place's name say about it.</summary>
internal static class PlaceContext
{
    private static readonly string[] StreetWords = ["ave", "avenue", "st", "street", "rd", "road", "blvd", "pkwy", "sq"];
    private static readonly string[] LatinAfterPlaces = ["GDP", "CBD", "BRT", "ICU", "IPO", "KTV", "APP", "CPI", "PM"];
    private static readonly string[] OtherWords = ["卫视", "大道", "大街", "扑克", "小面", "拉面", "炸鸡"];

    /// <summary>Whether the name is part of a street's, ship's, broadcaster's or e-sports team's name.</summary>
    public static bool MeansSomethingElse(string text, KeywordHit hit)
    {
        if (hit.End == text.Length)
        {
            return false;
        }

        var rest = text.AsSpan(hit.End);
        if (KeywordAutomaton.IsSpaced(text[hit.Start]))
        {
            return FollowedByStreetWord(rest);
        }

        var second = rest.Length > 1 ? rest[1] : '\0';
        return rest[0] switch
        {
            '路' => !"面上边口人段网况灯政桥".Contains(second, StringComparison.Ordinal) || second == '\0',
            '街' => !"头边道上区坊拍".Contains(second, StringComparison.Ordinal) || second == '\0',
            '东' or '西' or '南' or '北' or '中' when second is '路' or '街' => true,
            '舰' => true,
            '号' => second is not ('召' or '称'),
            _ when char.IsAsciiLetter(rest[0]) => IsTeam(rest),
            _ => StartsWithAny(rest, OtherWords),
        };
    }

    /// <summary>Whether a name that ends at <paramref name="end"/> and one that starts at <paramref name="start"/> stand side by side.</summary>
    public static bool Touch(string text, int end, int start) => start == end || (start == end + 1 && text[end] is ' ' or ',' or '、' or '·' or '-');

    private static bool FollowedByStreetWord(ReadOnlySpan<char> rest)
    {
        var word = rest.TrimStart(' ');
        var length = 0;
        while (length < word.Length && char.IsAsciiLetter(word[length]))
        {
            length++;
        }

        foreach (var street in StreetWords)
        {
            if (word[..length].Equals(street, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsTeam(ReadOnlySpan<char> rest)
    {
        // Road numbers (G107) follow places as well.
        return !(rest.Length > 1 && char.IsAsciiDigit(rest[1])) && !StartsWithAny(rest, LatinAfterPlaces);
    }

    private static bool StartsWithAny(ReadOnlySpan<char> rest, string[] words)
    {
        foreach (var word in words)
        {
            if (rest.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
