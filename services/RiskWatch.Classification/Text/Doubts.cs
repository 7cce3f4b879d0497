namespace RiskWatch.Classification.Text;

/// <summary>Whether people doubt what they pass on, and whether they say anything themselves.</summary>
internal static class Doubts
{
    // How far the first doubt and each doubling of doubts move the log-odds: ten doubts lift 2 % to 15 %, a hundred to 56 %.
    private const double Weight = 0.9;

    private static readonly string[] Words =
    [
        "真的吗", "真的假的", "真的么", "真的嘛", "是真是假", "真假", "假的", "谣言", "辟谣", "求证", "求真相", "造谣", "传谣", "信谣", "不实", "假新闻", "假消息", "别信", "不可信", "不信谣",
        "骗人的", "编的吧", "瞎编", "有证据吗", "证据呢", "来源呢", "求来源", "有来源吗", "求出处", "出处呢", "存疑", "摆拍", "p的图", "p图", "旧图", "旧闻", "已经澄清", "已澄清",
        "is this true", "is it true", "is this real", "is that true", "source?", "any source*", "what's your source", "fake", "fakes", "hoax*", "not true", "untrue", "debunk*", "misinformation", "disinformation",
        "false claim*", "rumor*", "rumour*", "unverified", "unconfirmed", "citation needed", "proof?", "any proof", "really?", "i doubt", "doubt it", "snopes", "fact check*", "old photo", "photoshopped",
    ];

    private static readonly string[] Affirmations =
    [
        "不是谣言", "不是假的", "并非谣言", "不假", "真的不是假的", "假的都是", "不是造谣", "没有造谣", "假的话", "not fake", "isn't fake", "no hoax", "not a hoax", "no rumor*", "not a rumor*", "no fake", "without doubt", "no doubt",
    ];

    private static readonly KeywordAutomaton Automaton = new([.. Words, .. Affirmations]);

    [ThreadStatic]
    private static List<KeywordHit>? _hits;

    /// <summary>Whether the writer's own words (see <see cref="Own"/>) doubt, and do not say the opposite.</summary>
    public static bool Express(ReadOnlySpan<char> own)
    {
        var hits = _hits ??= [];
        hits.Clear();
        Automaton.Find(own, hits);
        return hits.Count > 0 && !hits.Exists(hit => hit.Keyword >= Words.Length);
    }

    /// <summary>A false probability (0–1, exclusive) after so many doubts of the crowd.</summary>
    public static double Raise(double probability, int doubts)
    {
        var own = Math.Clamp(probability, 1e-9, 1 - 1e-9);
        return 1 / (1 + Math.Exp(-(Math.Log(own / (1 - own)) + (Weight * Math.Log(1.0 + doubts)))));
    }

    /// <summary>What comes before the forwarded part: before <c>//@name:</c> or <c>RT @name</c>.</summary>
    public static ReadOnlySpan<char> Own(ReadOnlySpan<char> text)
    {
        var end = text.IndexOf("//@");
        var own = end < 0 ? text : text[..end];
        for (var at = own.IndexOf("RT @"); at >= 0;)
        {
            if (at == 0 || !char.IsAsciiLetterOrDigit(own[at - 1]))
            {
                return own[..at];
            }

            var next = own[(at + 1)..].IndexOf("RT @");
            at = next < 0 ? -1 : at + 1 + next;
        }

        return own;
    }

    /// <summary>Whether a repost's own part says anything: a letter beside names, emoji codes and marks such as 转发微博.</summary>
    public static bool HasWords(ReadOnlySpan<char> own)
    {
        for (var i = 0; i < own.Length; i++)
        {
            if (own[i] == '@')
            {
                while (i + 1 < own.Length && (char.IsLetterOrDigit(own[i + 1]) || own[i + 1] is '_' or '-'))
                {
                    i++;
                }
            }
            else if (own[i] == '[' && own[i..].IndexOf(']') is > 0 and < 10 and var close)
            {
                i += close;
            }
            else if (ForwardingMark(own[i..]) is > 0 and var mark)
            {
                i += mark - 1;
            }
            else if (char.IsLetter(own[i]))
            {
                return true;
            }
        }

        return false;
    }

    private static int ForwardingMark(ReadOnlySpan<char> rest)
    {
        foreach (var mark in (ReadOnlySpan<string>)["转发微博", "轉發微博", "转发", "轉發", "repost", "回复", "via"])
        {
            if (rest.StartsWith(mark, StringComparison.OrdinalIgnoreCase))
            {
                return mark.Length;
            }
        }

        return 0;
    }
}
