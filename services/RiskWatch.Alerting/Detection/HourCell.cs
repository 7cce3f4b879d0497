using RiskWatch.Contracts;
using RiskWatch.Core.Sketches;

namespace RiskWatch.Alerting.Detection;

/// <summary>An example record of an hour: zero keeps its place among the smallest hashes (LOG §4.3).</summary>
internal readonly record struct HourExemplar(ulong Hash, string Source, string Id, int Sign);

/// <summary>What one series holds of one hour. Sums of signed integers, so that order and grouping of tallies do not matter.</summary>
internal sealed class HourCell(long hour)
{
    private const int KeptExemplars = TallyMerge.MostExemplars;
    private bool _ofTerm;

    public long Hour { get; } = hour;

    public int Posts { get; private set; }

    public int Hotline { get; private set; }

    public int Negative { get; private set; }

    public int Positive { get; private set; }

    public int Uncertain { get; private set; }

    public int LikelyFalse { get; private set; }

    public long FalseTenThousandths { get; private set; }

    /// <summary>Records by source, in order of names.</summary>
    public List<KeyValuePair<string, int>>? Sources { get; private set; }

    public List<HourExemplar>? Exemplars { get; private set; }

    /// <summary>Expectation before the hour was seen, set when it closed; NaN while it is open.</summary>
    public double Expected { get; set; } = double.NaN;

    /// <summary>Variance of that expectation.</summary>
    public double Variance { get; set; }

    /// <summary>Cells of distinct (author, group) pairs; null when the hour is final and only the estimate is kept.</summary>
    public LinearSketch? Pairs { get; private set; }

    /// <summary>Cells of distinct authors; null when the hour is final.</summary>
    public LinearSketch? Authors { get; private set; }

    /// <summary>Estimated distinct pairs.</summary>
    public double DistinctPairs { get; private set; }

    /// <summary>Estimated distinct authors.</summary>
    public double DistinctAuthors { get; private set; }

    /// <summary>Which of 64 parts of all authors are heard, a bit each.</summary>
    public ulong Heard { get; private set; }

    /// <summary>Distinct pairs × mean(1 − false probability) + hotline records.</summary>
    public double Volume { get; private set; }

    /// <summary>Voices of a term's cell; null otherwise, and when the hour is final.</summary>
    public Voices? Voices { get; private set; }

    public int Total => Posts + Hotline;

    public bool IsEmpty => Posts == 0 && Hotline == 0 && Negative == 0 && Positive == 0 && Uncertain == 0 && LikelyFalse == 0 && FalseTenThousandths == 0
        && Sources is null or { Count: 0 } && Voices is null or { IsEmpty: true } && Pairs is null or { IsEmpty: true } && Authors is null or { IsEmpty: true } && Exemplars is null or { Count: 0 };

    public void Add(Tally tally)
    {
        var counts = tally.Counts;
        Posts += counts.Posts;
        Hotline += counts.Hotline;
        Negative += counts.Negative;
        Positive += counts.Positive;
        Uncertain += counts.Uncertain;
        LikelyFalse += counts.LikelyFalse;
        FalseTenThousandths += counts.FalseTenThousandths;
        foreach (var (source, count) in tally.Sources)
        {
            AddSource(source, count);
        }

        Pairs = Merge(Pairs, tally.Pairs);
        Authors = Merge(Authors, tally.Authors);
        foreach (var exemplar in tally.Exemplars)
        {
            AddExemplar(new HourExemplar(SketchHash.OfRecord(exemplar.Source, exemplar.Id), exemplar.Source, exemplar.Id, exemplar.Sign));
        }
    }

    /// <summary>Adds what a term's cell counted of a voice; its volume are the authors behind its voices.</summary>
    public void AddVoice(int voice, int count)
    {
        Posts += count;
        _ofTerm = true;
        (Voices ??= new Voices()).Add(voice, count);
    }

    /// <summary>Brings the estimates up to date after <see cref="Add"/>.</summary>
    public void Refresh()
    {
        DistinctPairs = Pairs?.Estimate() ?? 0;
        Heard = _ofTerm ? Voices?.Heard ?? 0 : Authors?.Parts() ?? 0;
        DistinctAuthors = _ofTerm ? Detection.Voices.Authors(Heard, Posts) : Authors?.Estimate() ?? 0;
        var believed = Posts <= 0 ? 0 : Math.Clamp(1 - (FalseTenThousandths / 10_000.0 / Posts), 0, 1);
        Volume = _ofTerm ? DistinctAuthors : (Math.Max(0, Math.Min(DistinctPairs, Posts)) * believed) + Math.Max(0, Hotline);
    }

    /// <summary>The hour can no longer change: cells and examples go, estimates stay.</summary>
    public void Freeze()
    {
        Pairs = null;
        Authors = null;
        Voices = null;
        Exemplars = null;
    }

    public TallyCounts Counts() => new()
    {
        Posts = Posts,
        Hotline = Hotline,
        Negative = Negative,
        Positive = Positive,
        Uncertain = Uncertain,
        LikelyFalse = LikelyFalse,
        FalseTenThousandths = FalseTenThousandths,
    };

    public void Write(BinaryWriter to)
    {
        to.Write(Hour);
        to.Write(_ofTerm);
        foreach (var value in (int[])[Posts, Hotline, Negative, Positive, Uncertain, LikelyFalse])
        {
            to.Write7BitEncodedInt(value);
        }

        to.Write(FalseTenThousandths);
        to.Write(Expected);
        to.Write(Variance);
        to.Write(DistinctPairs);
        to.Write(DistinctAuthors);
        to.Write(Heard);
        to.Write(Volume);
        to.Write7BitEncodedInt(Sources?.Count ?? 0);
        foreach (var (source, count) in Sources ?? [])
        {
            to.Write(source);
            to.Write7BitEncodedInt(count);
        }

        Write(to, Pairs);
        Write(to, Authors);
        (Voices ?? new Voices()).Write(to);
        to.Write7BitEncodedInt(Exemplars?.Count ?? 0);
        foreach (var exemplar in Exemplars ?? [])
        {
            to.Write(exemplar.Hash);
            to.Write(exemplar.Source);
            to.Write(exemplar.Id);
            to.Write7BitEncodedInt(exemplar.Sign);
        }
    }

    /// <summary>Reads an hour; one that an earlier build kept says nothing of voices.</summary>
    public static HourCell Read(BinaryReader from, bool withVoices)
    {
        var cell = new HourCell(from.ReadInt64())
        {
            _ofTerm = from.ReadBoolean(),
            Posts = from.Read7BitEncodedInt(),
            Hotline = from.Read7BitEncodedInt(),
            Negative = from.Read7BitEncodedInt(),
            Positive = from.Read7BitEncodedInt(),
            Uncertain = from.Read7BitEncodedInt(),
            LikelyFalse = from.Read7BitEncodedInt(),
            FalseTenThousandths = from.ReadInt64(),
            Expected = from.ReadDouble(),
            Variance = from.ReadDouble(),
            DistinctPairs = from.ReadDouble(),
            DistinctAuthors = from.ReadDouble(),
            Heard = withVoices ? from.ReadUInt64() : ulong.MaxValue,
            Volume = from.ReadDouble(),
        };
        for (var left = from.Read7BitEncodedInt(); left > 0; left--)
        {
            (cell.Sources ??= []).Add(new KeyValuePair<string, int>(string.Intern(from.ReadString()), from.Read7BitEncodedInt()));
        }

        cell.Pairs = ReadCells(from);
        cell.Authors = ReadCells(from);
        if (withVoices && Detection.Voices.Read(from) is { IsEmpty: false } voices)
        {
            cell.Voices = voices;
        }

        for (var left = from.Read7BitEncodedInt(); left > 0; left--)
        {
            (cell.Exemplars ??= []).Add(new HourExemplar(from.ReadUInt64(), from.ReadString(), from.ReadString(), from.Read7BitEncodedInt()));
        }

        return cell;
    }

    private static LinearSketch? Merge(LinearSketch? into, IReadOnlyList<SketchCell> cells)
    {
        if (cells.Count > 0)
        {
            (into ??= new LinearSketch()).Add(cells);
        }

        return into;
    }

    private static void Write(BinaryWriter to, LinearSketch? sketch)
    {
        var cells = sketch?.ToCells() ?? [];
        to.Write7BitEncodedInt(cells.Count);
        foreach (var (cell, count) in cells)
        {
            to.Write7BitEncodedInt(cell);
            to.Write7BitEncodedInt(count);
        }
    }

    private static LinearSketch? ReadCells(BinaryReader from)
    {
        var cells = new SketchCell[from.Read7BitEncodedInt()];
        for (var i = 0; i < cells.Length; i++)
        {
            cells[i] = new SketchCell(from.Read7BitEncodedInt(), from.Read7BitEncodedInt());
        }

        return Merge(null, cells);
    }

    private void AddSource(string source, int count)
    {
        Sources ??= [];
        var at = 0;
        while (at < Sources.Count && string.CompareOrdinal(Sources[at].Key, source) < 0)
        {
            at++;
        }

        if (at == Sources.Count || Sources[at].Key != source)
        {
            Sources.Insert(at, new KeyValuePair<string, int>(string.Intern(source), count));
        }
        else if (Sources[at].Value + count == 0)
        {
            Sources.RemoveAt(at);
        }
        else
        {
            Sources[at] = new KeyValuePair<string, int>(source, Sources[at].Value + count);
        }
    }

    /// <summary>Adds an example; of a term's cell a record that is known to hold it.</summary>
    public void AddExemplar(HourExemplar exemplar)
    {
        Exemplars ??= [];
        var at = 0;
        while (at < Exemplars.Count && Compare(Exemplars[at], exemplar) < 0)
        {
            at++;
        }

        if (at < Exemplars.Count && Compare(Exemplars[at], exemplar) == 0)
        {
            Exemplars[at] = Exemplars[at] with { Sign = Exemplars[at].Sign + exemplar.Sign };
        }
        else if (at < KeptExemplars)
        {
            Exemplars.Insert(at, exemplar);
            if (Exemplars.Count > KeptExemplars)
            {
                Exemplars.RemoveAt(KeptExemplars);
            }
        }
    }

    private static int Compare(HourExemplar a, HourExemplar b)
    {
        var byHash = a.Hash.CompareTo(b.Hash);
        return byHash != 0 ? byHash : string.CompareOrdinal(a.Source, b.Source) is var bySource and not 0 ? bySource : string.CompareOrdinal(a.Id, b.Id);
    }
}
