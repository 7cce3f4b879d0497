using RiskWatch.Core.Text;

namespace RiskWatch.Classification.Text;

/// <summary>A keyword found in a text.</summary>
/// <param name="Keyword">Its index in the list that the automaton was built from.</param>
/// <param name="Start">First character.</param>
/// <param name="Length">Characters.</param>
internal readonly record struct KeywordHit(int Keyword, int Start, int Length)
{
    /// <summary>One past the last character.</summary>
    public int End => Start + Length;
}

/// <summary>Finds all of many keywords in one pass over a text, whatever their number (Aho–Corasick), without regard to case. A keyword that begins or ends with a letter or digit of a script that is written with spaces must stand at a word's edge; Chinese, Japanese and Thai need none. Immutable.</summary>
internal sealed class KeywordAutomaton
{
    private const int None = -1;
    private readonly int[] _root = new int[char.MaxValue + 1];
    private readonly int[] _failures;
    private readonly int[] _outputs;
    private readonly int[] _nextOutputs;
    private readonly int[] _twins;
    private readonly long[] _keys;
    private readonly int[] _targets;
    private readonly int _mask;
    private readonly int[] _lengths;
    private readonly bool[] _edgeBefore;
    private readonly bool[] _edgeAfter;

    /// <summary>Builds the automaton. A keyword that ends in <c>*</c> also matches longer words.</summary>
    /// <exception cref="ArgumentException">A keyword is empty.</exception>
    public KeywordAutomaton(IReadOnlyList<string> keywords)
    {
        _lengths = new int[keywords.Count];
        _edgeBefore = new bool[keywords.Count];
        _edgeAfter = new bool[keywords.Count];
        _twins = new int[keywords.Count];
        var edges = new Dictionary<long, int>();
        var outputs = new List<int> { None };
        for (var k = 0; k < keywords.Count; k++)
        {
            var prefix = keywords[k].EndsWith('*');
            var word = prefix ? keywords[k][..^1] : keywords[k];
            if (word.Length == 0)
            {
                throw new ArgumentException("A keyword is empty.", nameof(keywords));
            }

            _lengths[k] = word.Length;
            _edgeBefore[k] = IsSpaced(word[0]);
            _edgeAfter[k] = !prefix && IsSpaced(word[^1]);
            var node = Add(edges, outputs, word);
            (_twins[k], outputs[node]) = (outputs[node], k);
        }

        _outputs = [.. outputs];
        _failures = new int[_outputs.Length];
        _nextOutputs = new int[_outputs.Length];
        Link(edges);
        (_keys, _targets, _mask) = Table(edges);
    }

    /// <summary>Adds every keyword in the text to <paramref name="hits"/>, in order of where they end; of several that end together the longest first.</summary>
    public void Find(ReadOnlySpan<char> text, List<KeywordHit> hits)
    {
        var node = 0;
        for (var i = 0; i < text.Length; i++)
        {
            node = Step(node, LowerCase.Of(text[i]));
            if (node == 0)
            {
                continue;
            }

            for (var at = _outputs[node] != None ? node : _nextOutputs[node]; at != None; at = _nextOutputs[at])
            {
                for (var keyword = _outputs[at]; keyword != None; keyword = _twins[keyword])
                {
                    var start = i + 1 - _lengths[keyword];
                    if (AtEdges(text, keyword, start, i + 1))
                    {
                        hits.Add(new KeywordHit(keyword, start, _lengths[keyword]));
                    }
                }
            }
        }
    }

    /// <summary>Whether a character belongs to a word of a script written with spaces.</summary>
    public static bool IsSpaced(char c) => c < 0x80
        ? char.IsAsciiLetterOrDigit(c)
        : c is < '\u0E00' or (>= '\u1000' and < '\u1780') or (>= '\u1E00' and < '\u2000') && char.IsLetterOrDigit(c);

    private bool AtEdges(ReadOnlySpan<char> text, int keyword, int start, int end) =>
        (!_edgeBefore[keyword] || start == 0 || !IsSpaced(text[start - 1])) && (!_edgeAfter[keyword] || end == text.Length || !IsSpaced(text[end]));

    private static long Key(int node, char c) => ((long)node << 16) | c;

    // Fibonacci hashing: the high bits of the product are well mixed.
    private static int Slot(long key, int mask) => (int)((ulong)(key * -7046029254386353131L) >> 36) & mask;

    private static int Add(Dictionary<long, int> edges, List<int> outputs, string word)
    {
        var node = 0;
        foreach (var c in word)
        {
            var key = Key(node, LowerCase.Of(c));
            if (!edges.TryGetValue(key, out node))
            {
                node = outputs.Count;
                edges.Add(key, node);
                outputs.Add(None);
            }
        }

        return node;
    }

    private static (long[] Keys, int[] Targets, int Mask) Table(Dictionary<long, int> edges)
    {
        var size = 16;
        while (size < edges.Count * 2)
        {
            size *= 2;
        }

        var (keys, targets, mask) = (new long[size], new int[size], size - 1);
        foreach (var (key, target) in edges.Where(edge => edge.Key > char.MaxValue))
        {
            var slot = Slot(key, mask);
            while (keys[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            (keys[slot], targets[slot]) = (key, target);
        }

        return (keys, targets, mask);
    }

    private int Step(int node, char c)
    {
        while (node != 0)
        {
            var key = Key(node, c);
            for (var slot = Slot(key, _mask); _keys[slot] != 0; slot = (slot + 1) & _mask)
            {
                if (_keys[slot] == key)
                {
                    return _targets[slot];
                }
            }

            node = _failures[node];
        }

        return _root[c];
    }

    /// <summary>Sets where each node falls back to and the next node on that way that ends a keyword, breadth first.</summary>
    private void Link(Dictionary<long, int> edges)
    {
        var children = edges.ToLookup(edge => (int)(edge.Key >> 16), edge => ((char)(edge.Key & char.MaxValue), edge.Value));
        var queue = new Queue<int>([0]);
        _nextOutputs[0] = None;
        while (queue.TryDequeue(out var node))
        {
            foreach (var (c, child) in children[node])
            {
                if (node == 0)
                {
                    _root[c] = child;
                }

                var fall = node == 0 ? 0 : FallBack(edges, _failures[node], c);
                _failures[child] = fall;
                _nextOutputs[child] = _outputs[fall] != None ? fall : _nextOutputs[fall];
                queue.Enqueue(child);
            }
        }
    }

    private int FallBack(Dictionary<long, int> edges, int node, char c)
    {
        while (true)
        {
            if (edges.TryGetValue(Key(node, c), out var next))
            {
                return next;
            }

            if (node == 0)
            {
                return 0;
            }

            node = _failures[node];
        }
    }
}
