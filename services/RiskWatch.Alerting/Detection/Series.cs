using System.Text;

namespace RiskWatch.Alerting.Detection;

/// <summary>One series: its recent hours and its model. All it derives is a function of what each tick brought, never of when somebody looked.</summary>
internal sealed class Series(string? topic, string place, string? term, Series? parent)
{
    /// <summary>Hours that are kept: the longest window, and a day for tallies that come late.</summary>
    public const int KeptHours = 168 + 24;

    /// <summary>Hours that lie in one entry of the state.</summary>
    public const int BlockHours = 8;

    private const long LongestCatchUp = 90 * 24;
    private readonly List<HourCell> _hours = [];
    private readonly SortedSet<long> _dirtyBlocks = [];
    private readonly long[] _looked = [long.MinValue, long.MinValue, long.MinValue, long.MinValue];
    private readonly double[] _volumes = new double[4];
    private readonly double[] _authors = new double[4];
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

    /// <summary>Hours with records, or with an expectation to remember, oldest first.</summary>
    public IReadOnlyList<HourCell> Hours => _hours;

    public string Key { get; } = term is null ? topic + "@" + place : "term:" + term + "@" + place;

    public int Depth { get; } = parent is null ? 0 : parent.Depth + 1;

    /// <summary>Starts a series of which nothing was seen since the site began, unless a model says what was.</summary>
    public void Begin(long siteStart, long hour, int lag, SeriesModel? known = null)
    {
        Learned = Math.Max(hour - lag, siteStart) - 1;
        LastRecord = hour;
        Model = known ?? SeriesModel.OfSilence(Learned - siteStart + 1);
    }

    /// <summary>The hour's cell, made where it is missing.</summary>
    public HourCell Cell(long hour)
    {
        var at = IndexOf(hour);
        if (at >= 0)
        {
            return _hours[at];
        }

        var cell = new HourCell(hour);
        _hours.Insert(~at, cell);
        return cell;
    }

    public HourCell? Find(long hour)
    {
        var at = IndexOf(hour);
        return at >= 0 ? _hours[at] : null;
    }

    /// <summary>Says that the hour brought a change.</summary>
    public void Touch(long hour) => LastRecord = Math.Max(LastRecord, hour);

    /// <summary>Says that the hour's cell must be kept anew.</summary>
    public void Soil(long hour)
    {
        _dirtyBlocks.Add(Block(hour));
        if (hour < _summedAt)
        {
            _summedAt = long.MinValue;
        }
    }

    public void Remove(HourCell cell)
    {
        _hours.Remove(cell);
        Soil(cell.Hour);
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

            var at = IndexOf(Learned + 1);
            at = at < 0 ? ~at : at;
            while (Learned < until)
            {
                Learned++;
                var seen = at < _hours.Count && _hours[at].Hour == Learned ? _hours[at++] : null;
                Model.Learn(Learned, local.HourOfWeek(Learned), seen?.Volume ?? 0, Parent?.Model);
                seen?.Freeze();
                if (Learned % BlockHours == BlockHours - 1)
                {
                    // Once for the whole block: what is restored before is frozen by Learned.
                    Soil(Learned);
                }
            }

            var kept = 0;
            while (kept < _hours.Count && _hours[kept].Hour <= now - KeptHours)
            {
                Soil(_hours[kept].Hour);
                kept++;
            }

            _hours.RemoveRange(0, kept);
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

    public (double Volume, double Authors) Sum(long from, long to)
    {
        double volume = 0, authors = 0;
        for (var at = _hours.Count - 1; at >= 0 && _hours[at].Hour >= from; at--)
        {
            if (_hours[at].Hour <= to)
            {
                volume += _hours[at].Volume;
                authors += _hours[at].DistinctAuthors;
            }
        }

        return (volume, authors);
    }

    /// <summary>Expectation and variance of one hour as the model sees it now.</summary>
    public (double Mean, double Variance) Hour(long hour, LocalHours local)
    {
        if (Find(hour) is { } cell && !double.IsNaN(cell.Expected))
        {
            return (cell.Expected, cell.Variance);
        }

        var mean = Model.Mean(local.HourOfWeek(hour), Parent?.Model);
        return (mean, Model.Dispersion(0, mean) * mean);
    }

    /// <summary>State entries that changed: the series itself under block −1, and its changed blocks of hours; null for a block without any.</summary>
    public IEnumerable<(long Block, ReadOnlyMemory<byte>? Value)> Changes(BinaryWriter buffer)
    {
        yield return (-1, Written(buffer, WriteSelf));
        foreach (var block in _dirtyBlocks)
        {
            var from = IndexOf(block * BlockHours);
            from = from < 0 ? ~from : from;
            var to = from;
            while (to < _hours.Count && Block(_hours[to].Hour) == block)
            {
                to++;
            }

            yield return (block, from == to ? default(ReadOnlyMemory<byte>?) : Written(buffer, writer =>
            {
                writer.Write7BitEncodedInt(to - from);
                for (var at = from; at < to; at++)
                {
                    _hours[at].Write(writer);
                }
            }));
        }

        _dirtyBlocks.Clear();
    }

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

    /// <summary>Reads a block of hours; blocks come in order.</summary>
    public void RestoreHours(ReadOnlyMemory<byte> bytes)
    {
        using var from = new BinaryReader(new MemoryStream(bytes.ToArray()), Encoding.UTF8);
        for (var left = from.Read7BitEncodedInt(); left > 0; left--)
        {
            var cell = HourCell.Read(from);
            if (cell.Hour <= Learned)
            {
                cell.Freeze();
            }

            _hours.Add(cell);
        }
    }

    private static long Block(long hour) => hour / BlockHours;

    private static ReadOnlyMemory<byte> Written(BinaryWriter buffer, Action<BinaryWriter> write)
    {
        var stream = (MemoryStream)buffer.BaseStream;
        stream.SetLength(0);
        write(buffer);
        buffer.Flush();
        return stream.ToArray();
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
        var open = Find(now);
        var windows = new WindowTest[4];
        for (var w = 0; w < 4; w++)
        {
            var volume = (open?.Volume ?? 0) + more;
            double? authors = knowsAuthors ? _authors[w] + (open?.DistinctAuthors ?? 0) + more : null;
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
        Array.Clear(_young);
        for (var at = _hours.Count - 1; at >= 0 && now - _hours[at].Hour < 168; at--)
        {
            var age = now - _hours[at].Hour;
            for (var w = 3; age > 0 && w >= 0 && age < SeriesModel.Windows[w]; w--)
            {
                _volumes[w] += _hours[at].Volume;
                _authors[w] += _hours[at].DistinctAuthors;
                _young[w] += age < Young(w) ? _hours[at].Volume : 0;
            }
        }
    }

    private sealed record Expectation(long At, double[] Means, double[] YoungMeans, double[] Variances)
    {
        public static Expectation None { get; } = new(long.MinValue, [], [], []);

        public static Expectation Of(Series series, long now, LocalHours local)
        {
            var made = new Expectation(now, new double[4], new double[4], new double[4]);
            Span<double> backings = stackalloc double[4];
            backings.Clear();
            double mean = 0, backing = 0;
            for (int back = 0, w = 0; back < 24; back++)
            {
                backing += series.Model.Backing(local.HourOfWeek(now - back));
                mean += series.Model.Mean(local.HourOfWeek(now - back), series.Parent?.Model);
                for (var young = 0; young < 4; young++)
                {
                    if (back + 1 == Young(young))
                    {
                        made.YoungMeans[young] = mean;
                    }
                }

                if (back + 1 == SeriesModel.Windows[w])
                {
                    backings[w] = backing;
                    made.Means[w++] = mean;
                }
            }

            made.Means[3] = series.Model.WeekMean(series.Parent?.Model);
            for (var w = 0; w < 4; w++)
            {
                made.Variances[w] = series.Model.Variance(w, made.Means[w], backings[w]);
            }

            return made;
        }
    }

    private int IndexOf(long hour)
    {
        // Nearly always the last one.
        for (var at = _hours.Count - 1; at >= 0; at--)
        {
            if (_hours[at].Hour == hour)
            {
                return at;
            }

            if (_hours[at].Hour < hour)
            {
                return ~(at + 1);
            }
        }

        return ~0;
    }
}
