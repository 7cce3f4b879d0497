namespace RiskWatch.Classification.Training;

/// <summary>Finds tokenised messages that are the same as raw ones, so that no row is both trained on and reported.</summary>
internal static class MessageOverlap
{
    private const double SameFrom = 0.85;

    /// <summary>The tokenised messages less those whose words nearly all stand in one of the raw messages.</summary>
    public static List<LabelledText> Without(List<LabelledText> tokenised, IEnumerable<LabelledText> raw)
    {
        var pairs = raw.Select(r => Pairs(r.Text)).ToArray();
        return tokenised.FindAll(t =>
        {
            var words = t.Text.Split(' ').Where(w => w.Length >= 2 && w[0] >= 0x4E00).Distinct().Select(w => (w[0] << 16) | w[1]).ToArray();
            var allowed = (int)(words.Length * (1 - SameFrom));
            return words.Length >= 5 && !pairs.Any(p =>
            {
                var missing = 0;
                foreach (var word in words)
                {
                    if (!p.Contains(word) && ++missing > allowed)
                    {
                        return false;
                    }
                }

                return true;
            });
        });
    }

    private static HashSet<int> Pairs(string text)
    {
        var pairs = new HashSet<int>();
        for (var i = 0; i + 1 < text.Length; i++)
        {
            pairs.Add((text[i] << 16) | text[i + 1]);
        }

        return pairs;
    }
}
