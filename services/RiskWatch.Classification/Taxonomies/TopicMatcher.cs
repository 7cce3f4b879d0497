using RiskWatch.Classification.Text;

namespace RiskWatch.Classification.Taxonomies;

/// <summary>An expression that matched, and how many of its alternatives did.</summary>
internal readonly record struct TopicMatch(int Expression, int Alternatives);

/// <summary>Asks many expressions of a text at once: one pass finds all keywords, and only expressions of which a keyword was found are looked at. Immutable and thread-safe.</summary>
internal sealed class TopicMatcher
{
    private readonly IReadOnlyList<TopicExpression> _expressions;
    private readonly KeywordAutomaton _automaton;
    private readonly int[][] _byKeyword;

    [ThreadStatic]
    private static Hits? _hits;

    /// <summary>A matcher of expressions whose keywords have the numbers of <paramref name="keywords"/>.</summary>
    public TopicMatcher(IReadOnlyList<TopicExpression> expressions, IReadOnlyList<string> keywords)
    {
        _expressions = expressions;
        _automaton = new KeywordAutomaton(keywords);
        var anchored = Enumerable.Range(0, expressions.Count).SelectMany(e => expressions[e].Anchors()!.Distinct().Select(keyword => (keyword, e))).ToLookup(pair => pair.keyword, pair => pair.e);
        _byKeyword = [.. Enumerable.Range(0, keywords.Count).Select(keyword => anchored[keyword].ToArray())];
    }

    /// <summary>Adds the expressions that match the text.</summary>
    public void Match(ReadOnlySpan<char> text, List<TopicMatch> matches)
    {
        var hits = _hits ??= new Hits();
        hits.Begin(this, text);
        foreach (var hit in hits.Found)
        {
            foreach (var expression in _byKeyword[hit.Keyword])
            {
                if (hits.Try(expression) && _expressions[expression].Matches(hits) is > 0 and var alternatives)
                {
                    matches.Add(new TopicMatch(expression, alternatives));
                }
            }
        }
    }

    private sealed class Hits : IKeywordHits
    {
        private int _text;
        private int[] _seen = [];
        private int[] _tried = [];

        public List<KeywordHit> Found { get; } = [];

        /// <summary>Stamps stand for clearing: what does not bear this text's number is not set.</summary>
        public void Begin(TopicMatcher matcher, ReadOnlySpan<char> text)
        {
            if (_seen.Length < matcher._byKeyword.Length || _tried.Length < matcher._expressions.Count || _text == int.MaxValue)
            {
                (_seen, _tried, _text) = (new int[matcher._byKeyword.Length], new int[matcher._expressions.Count], 0);
            }

            _text++;
            Found.Clear();
            matcher._automaton.Find(text, Found);
            foreach (var hit in Found)
            {
                _seen[hit.Keyword] = _text;
            }
        }

        /// <summary>True the first time for this text.</summary>
        public bool Try(int expression)
        {
            var first = _tried[expression] != _text;
            _tried[expression] = _text;
            return first;
        }

        public bool Has(int keyword) => _seen[keyword] == _text;

        public bool Near(int[] left, int[] right, int distance)
        {
            if (!Array.Exists(left, Has) || !Array.Exists(right, Has))
            {
                return false;
            }

            // Hits come in order of their ends, so that the last one of either group is the nearest before this one.
            var (lastLeft, lastRight) = (int.MinValue / 2, int.MinValue / 2);
            foreach (var hit in Found)
            {
                var (isLeft, isRight) = (Array.IndexOf(left, hit.Keyword) >= 0, Array.IndexOf(right, hit.Keyword) >= 0);
                if ((isRight && hit.Start - lastLeft <= distance) || (isLeft && hit.Start - lastRight <= distance))
                {
                    return true;
                }

                lastLeft = isLeft ? hit.End : lastLeft;
                lastRight = isRight ? hit.End : lastRight;
            }

            return false;
        }
    }
}
