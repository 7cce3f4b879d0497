using System.Text;

namespace RiskWatch.Alerting.Detection;

/// <summary>One series: its recent hours and its model. All it derives is a function of what each tick brought, never of when somebody looked.</summary>
internal sealed class Series(string? topic, string place, string? term, Series? parent)
{
    /// <summary>Hours that are kept: the longest window, and a day for tallies that come late.</summary>
    public const int KeptHours = 168 + 24;

    private const long LongestCatchUp = 90 * 24;
    private readonly long[] _looked = [long.MinValue, long.MinValue, long.MinValue, long.MinValue];
    private readonly double[] _volumes = new double[4];
    private readonly double[] _authors = new double[4];
    private readonly ulong[] _heard = new ulong[4];
    private readonly double[] _young = new double[4];
    private long _summedAt = long.MinValue;
    private Expectation _expectation = Expectation.None;

    public string? Topic { get; } = topic;

    public string Place { get; } = place;

    public string? Term { get; } = term;

    /// <summary>Same topic, one place up; null at the site's root.</summary>
    public Series? Parent { get; } = parent;

    public List<Series> Children { get; } = [];

    public SeriesModel Model { get; private set; } = new();

    /// <summary>Last hour the model has learned.</summary>
    public long Learned { get; private set; }

    /// <summary>Last hour with a record.</summary>
    public long LastRecord { get; private set; }

    /// <summary>It fired and is not quiet yet.</summary>
    public bool Hot { get; set; }

    /// <summary>Whether an hour of it can be expected to hold half a record: then it is looked at each hour.</summary>
    public bool Busy => Model.Level >= 0.25;

    /// <summary>P-value of the last finding that was sent; within an hour only a clearly less probable one is sent again.</summary>
    public double SentPValue { get; set; } = 1;

    /// <summary>Looked at when the hour ends.</summary>
    public bool Live { get; set; }

    /// <summary>Hours with records, or with an expectation to remember.</summary>
    public SeriesHours Hours { get; } = new();

    /// <summary>Its topic, or its term as <see cref="NameOf"/> gives it.</summary>
    public string Name { get; } = topic ?? NameOf(term!);

    public string Key { get; } = (topic ?? NameOf(term!)) + "@" + place;

    public int Depth { get; } = parent is null ? 0 : parent.Depth + 1;

    /// <summary>What stands in the place of a topic for a term.</summary>
    public static string NameOf(string term) => "term:" + term;

    /// <summary>Starts a series of which nothing was seen since the site began, unless a model says what was.</summary>
    public void Begin(long siteStart, long hour, int lag, SeriesModel? known = null)
    {
        Learned = Math.Max(hour - lag, siteStart) - 1;
        LastRecord = hour;
        Model = known ?? SeriesModel.OfSilence(Learned - siteStart + 1);
    }

    /// <summary>Says that the hour brought a change.</summary>
    public void Touch(long hour) => LastRecord = Math.Max(LastRecord, hour);

    /// <summary>Says that the hour's cell must be kept anew.</summary>
    public void Soil(long hour)
    {
        Hours.Soil(hour);
        if (hour < _summedAt)
        {
            _summedAt = long.MinValue;
        }
    }

    /// <summary>Learns what has become final by the hour <paramref name="now"/> and forgets what no window reaches.</summary>
    public void CatchUp(long now, int lag, LocalHours local)
    {
        var until = now - lag - 1;
        if (Learned < until)
        {
            Parent?.CatchUp(now, lag, local);
            if (until - Learned > LongestCatchUp)
            {
                Model.Skip(until - Learned - LongestCatchUp);
                Learned = until - LongestCatchUp;
            }

            var at = Hours.From(Learned + 1);
            while (Learned < until)
            {
                Learned++;
                var seen = at < Hours.Count && Hours[at].Hour == Learned ? Hours[at++] : null;
                Model.Learn(Learned, local.HourOfWeek(Learned), seen?.Volume ?? 0, Parent?.Model);
                seen?.Freeze();
                if (SeriesHours.EndsBlock(Learned))
                {
                    // Once for the whole block: what is restored before is frozen by Learned.
                    Soil(Learned);
                }
            }

            Hours.Forget(now - KeptHours);
        }

        if (_expectation.At != now)
        {
            _expectation = Expectation.Of(this, now, local);
        }
    }

    /// <summary>Tests the windows that end with the hour <paramref name="now"/>; <see cref="CatchUp"/> comes first.</summary>
    public SeriesTest Test(long now, bool knowsAuthors)
    {
        var looks = 0;
        for (var w = 0; w < 4; w++)
        {
            // Repeated looks at nearly the same window are one test (DETECTION §4: N counts the tests really made, repeated looks calibrated as such).
            var look = now / Math.Max(1, SeriesModel.Windows[w] / 4);
            if (_looked[w] != look)
            {
                _looked[w] = look;
                looks++;
            }
        }

        return new SeriesTest(Compare(now, knowsAuthors, _expectation, 0), looks);
    }

    /// <summary>The same test with a volume more in this hour, ahead of the tick; changes nothing.</summary>
    public SeriesTest Preview(long now, double more, LocalHours local, bool knowsAuthors)
    {
        var expectation = _expectation.At == now ? _expectation : Expectation.Of(this, now, local);
        return new SeriesTest(Compare(now, knowsAuthors, expectation, more), 0);
    }

    /// <summary>Hours of the youngest part of a window, which must be above expectation for the window to count.</summary>
    public static int Young(int window) => window switch { 0 => 1, 1 => 2, 2 => 6, _ => 24 };

    /// <summary>Expectation and variance of one hour as the model sees it now.</summary>
    public (double Mean, double Variance) Hour(long hour, LocalHours local)
    {
        if (Hours.Find(hour) is { } cell && !double.IsNaN(cell.Expected))
        {
            return (cell.Expected, cell.Variance);
        }

        var mean = Model.Mean(local.HourOfWeek(hour), Parent?.Model);
        return (mean, Model.Dispersion(0, mean) * mean);
    }

    /// <summary>State entries that changed: the series itself under block −1, and its changed blocks of hours; null for a block without any.</summary>
    public IEnumerable<(long Block, ReadOnlyMemory<byte>? Value)> Changes(BinaryWriter buffer) =>
        Hours.Changes(buffer).Prepend((-1, SeriesHours.Written(buffer, WriteSelf)));

    /// <summary>Reads a series without its hours; parents are found (or read first) by the caller.</summary>
    public static Series Deserialize(ReadOnlyMemory<byte> bytes, Func<string?, string, string?, Series?> find)
    {
        using var from = new BinaryReader(new MemoryStream(bytes.ToArray()), Encoding.UTF8);
        if (from.ReadByte() != 1)
        {
            throw new InvalidDataException("The state of a series is of an unknown version.");
        }

        var hasTopic = from.ReadBoolean();
        var name = from.ReadString();
        var place = from.ReadString();
        var parentPlace = from.ReadString();
        var topic = hasTopic ? name : null;
        var term = hasTopic ? null : name;
        var parent = parentPlace.Length == 0 ? null : find(topic, parentPlace, term);
        var series = new Series(topic, place, term, parent)
        {
            Learned = from.ReadInt64(),
            LastRecord = from.ReadInt64(),
            Hot = from.ReadBoolean(),
            Live = from.ReadBoolean(),
            SentPValue = from.ReadDouble(),
        };
        for (var w = 0; w < 4; w++)
        {
            series._looked[w] = from.ReadInt64();
        }

        series.Model = SeriesModel.Read(from);
        parent?.Children.Add(series);
        return series;
    }

    private void WriteSelf(BinaryWriter to)
    {
        to.Write((byte)1);
        to.Write(Topic is not null);
        to.Write(Topic ?? Term!);
        to.Write(Place);
        to.Write(Parent?.Place ?? "");
        to.Write(Learned);
        to.Write(LastRecord);
        to.Write(Hot);
        to.Write(Live);
        to.Write(SentPValue);
        foreach (var look in _looked)
        {
            to.Write(look);
        }

        Model.Write(to);
    }

    private WindowTest[] Compare(long now, bool knowsAuthors, Expectation expectation, double more)
    {
        SumClosed(now);
        var open = Hours.Find(now);
        var windows = new WindowTest[4];
        for (var w = 0; w < 4; w++)
        {
            var volume = (open?.Volume ?? 0) + more;

            // Few who write hour after hour stay few: author-hours count where too many are heard to tell them apart.
            double? authors = knowsAuthors ? Voices.Authors(_heard[w] | (open?.Heard ?? 0), _authors[w] + (open?.DistinctAuthors ?? 0)) + more : null;
            windows[w] = WindowTest.Of(w, _volumes[w] + volume, authors, expectation.Means[w], expectation.Variances[w], w == 0 ? 0 : _young[w] + volume, w == 0 ? -1 : expectation.YoungMeans[w]);
        }

        return windows;
    }

    // Sums over the windows without the open hour: they change once an hour, and when a late tally comes.
    private void SumClosed(long now)
    {
        if (_summedAt == now)
        {
            return;
        }

        _summedAt = now;
        Array.Clear(_volumes);
        Array.Clear(_authors);
        Array.Clear(_heard);
        Array.Clear(_young);
        for (var at = Hours.Count - 1; at >= 0 && now - Hours[at].Hour < 168; at--)
        {
            var age = now - Hours[at].Hour;
            for (var w = 3; age > 0 && w >= 0 && age < SeriesModel.Windows[w]; w--)
            {
                _volumes[w] += Hours[at].Volume;
                _authors[w] += Hours[at].DistinctAuthors;
                _heard[w] |= Hours[at].Heard;
                _young[w] += age < Young(w) ? Hours[at].Volume : 0;
            }
        }
    }
}
