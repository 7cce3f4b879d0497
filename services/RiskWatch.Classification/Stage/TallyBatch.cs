using RiskWatch.Contracts;
using RiskWatch.Core.Log;
using RiskWatch.Core.Sketches;

namespace RiskWatch.Classification.Stage;

/// <summary>Sums what one batch adds to the tallies: one tally per site, topic, place, minute and stamp. A sum of zero is sent too, or what follows would depend on how batches are cut.</summary>
internal sealed class TallyBatch
{
    private const ulong AuthorSeed = 0x617574686F72; // "author"

    private readonly Dictionary<Key, Sum> _sums = [];
    private readonly List<Sum> _order = [];
    private readonly Stack<Sum> _spare = new();

    /// <summary>Adds (sign 1) or takes back (−1) a contribution.</summary>
    /// <param name="row">The contribution.</param>
    /// <param name="sign">1 or −1.</param>
    /// <param name="site">Its site.</param>
    /// <param name="strings">The partition's strings.</param>
    /// <param name="stamp">Stamp (LOG §3.3).</param>
    /// <param name="id">Id of the record, for exemplars.</param>
    /// <param name="terms">Terms where they are known, in the order of the row's cells.</param>
    public void Add(in Contribution row, int sign, string site, StringTable strings, long stamp, string id, IReadOnlyList<string>? terms)
    {
        var place = strings[row.Place];
        var source = strings[row.Source];
        var everything = Get(new Key(site, SeriesTopics.Everything, place, row.Minute, stamp));
        Add(everything, row, sign, source, id);
        var voice = TermSketch.Voice(row.Author);
        for (var i = 0; i < row.TermCount; i++)
        {
            everything.Terms.Add(new TermCell(row.Terms[i], sign, terms?[i], voice));
        }

        for (var i = 0; i < Contribution.MostTopics && row.Topics[i] != 0; i++)
        {
            Add(Get(new Key(site, strings[row.Topics[i]], place, row.Minute, stamp)), row, sign, source, id);
        }

        if (row is { Kind: RecordKind.Post, Band: CredibilityBand.LikelyFalse })
        {
            // As its own topic such a post counts whole: nothing of it is believed, and nothing discounted.
            var doubted = row;
            doubted.False = 0;
            Add(Get(new Key(site, SeriesTopics.LikelyFalse, place, row.Minute, stamp)), doubted, sign, source, id);
        }
    }

    /// <summary>Appends the tallies to <paramref name="outputs"/> and starts anew.</summary>
    public void Flush(List<LogOutput> outputs)
    {
        foreach (var sum in _order)
        {
            outputs.Add(Entries.Of(sum.ToTally()));
            sum.Clear();
            _spare.Push(sum);
        }

        Clear();
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _sums.Clear();
        _order.Clear();
    }

    private static void Add(Sum sum, in Contribution row, int sign, string source, string id)
    {
        var hotline = row.Kind == RecordKind.Hotline;
        sum.Hotline += hotline ? sign : 0;
        sum.Negative += row.Sentiment == Sentiment.Negative ? sign : 0;
        sum.Positive += row.Sentiment == Sentiment.Positive ? sign : 0;
        if (!hotline)
        {
            sum.Posts += sign;
            sum.Uncertain += row.Band == CredibilityBand.Uncertain ? sign : 0;
            sum.LikelyFalse += row.Band == CredibilityBand.LikelyFalse ? sign : 0;
            sum.False += sign * row.False;
            sum.Pairs.Add(new SketchCell(LinearSketch.Cell(((ulong)row.Author << 32) | row.Group), sign));
        }

        sum.Authors.Add(new SketchCell(LinearSketch.Cell(row.Author ^ AuthorSeed), sign));
        sum.AddSource(source, sign);
        sum.AddExemplar(row.Id, new Exemplar(source, id, sign));
    }

    private Sum Get(in Key key)
    {
        if (!_sums.TryGetValue(key, out var sum))
        {
            sum = _spare.TryPop(out var spare) ? spare : new Sum();
            sum.Key = key;
            _sums[key] = sum;
            _order.Add(sum);
        }

        return sum;
    }

    private readonly record struct Key(string Site, string Topic, string Place, long Minute, long Stamp);

    private sealed class Sum
    {
        // Grows up to this many before it is cut to the smallest K.
        private const int MostLooseExemplars = 64;

        private readonly List<(string Source, int Count)> _sources = [];
        private readonly List<(ulong Hash, Exemplar Exemplar)> _exemplars = [];

        public Key Key { get; set; }

        public int Posts { get; set; }

        public int Hotline { get; set; }

        public int Negative { get; set; }

        public int Positive { get; set; }

        public int Uncertain { get; set; }

        public int LikelyFalse { get; set; }

        public long False { get; set; }

        public List<SketchCell> Authors { get; } = [];

        public List<SketchCell> Pairs { get; } = [];

        public List<TermCell> Terms { get; } = [];

        public void AddSource(string source, int sign)
        {
            for (var i = 0; i < _sources.Count; i++)
            {
                if (_sources[i].Source == source)
                {
                    _sources[i] = (source, _sources[i].Count + sign);
                    return;
                }
            }

            _sources.Add((source, sign));
        }

        public void AddExemplar(ulong hash, Exemplar exemplar)
        {
            _exemplars.Add((hash, exemplar));
            if (_exemplars.Count >= MostLooseExemplars)
            {
                TallyMerge.Shrink(_exemplars);
            }
        }

        public Tally ToTally() => new()
        {
            Site = Key.Site,
            Topic = Key.Topic,
            Place = Key.Place,
            Minute = Key.Minute,
            Stamp = Key.Stamp,
            Counts = new TallyCounts
            {
                Posts = Posts,
                Hotline = Hotline,
                Negative = Negative,
                Positive = Positive,
                Uncertain = Uncertain,
                LikelyFalse = LikelyFalse,
                FalseTenThousandths = False,
            },
            Sources = Sources(),
            Authors = TallyMerge.SumCells(Authors),
            Pairs = TallyMerge.SumCells(Pairs),
            Exemplars = TallyMerge.SumExemplars(_exemplars),
            Terms = TallyMerge.SumTerms(Terms),
        };

        public void Clear()
        {
            Posts = Hotline = Negative = Positive = Uncertain = LikelyFalse = 0;
            False = 0;
            Authors.Clear();
            Pairs.Clear();
            Terms.Clear();
            _sources.Clear();
            _exemplars.Clear();
        }

        private Dictionary<string, int> Sources()
        {
            _sources.Sort((a, b) => string.CompareOrdinal(a.Source, b.Source));
            var sources = new Dictionary<string, int>(_sources.Count, StringComparer.Ordinal);
            foreach (var (source, count) in _sources)
            {
                if (count != 0)
                {
                    sources[source] = count;
                }
            }

            return sources;
        }
    }
}
