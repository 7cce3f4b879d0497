using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RiskWatch.Contracts;

namespace RiskWatch.Classification.Stage;

/// <summary>
/// What a record adds to the tallies, in 64 bytes, from which it can be taken back exactly (LOG §5.1). Everything derived under a site's configuration
/// (place, topics, author) is kept as derived, so no control offset is needed. Written to the changelog as it lies in memory: the layout is a format.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct Contribution
{
    /// <summary>Most topics kept, the most probable first; a record's further topics are not tallied.</summary>
    public const int MostTopics = 5;

    /// <summary>Most terms kept.</summary>
    public const int MostTerms = 8;

    /// <summary>Hash of source and id.</summary>
    public ulong Id;

    /// <summary>Hash of who counts as its author.</summary>
    public uint Author;

    /// <summary>Hash of the near-duplicate group.</summary>
    public uint Group;

    /// <summary>First published minute since 1970.</summary>
    public int Minute;

    /// <summary>Place, in the partition's strings.</summary>
    public int Place;

    /// <summary>Time of this version in milliseconds after <see cref="Minute"/>; saturates after 49 days.</summary>
    public uint Updated;

    /// <summary>Source, in the partition's strings.</summary>
    public ushort Source;

    /// <summary>False probability as tallied, in 1/10,000.</summary>
    public ushort False;

    /// <summary>False probability of the record's own words, in 1/10,000.</summary>
    public ushort OwnFalse;

    /// <summary>Doubts of the crowd in <see cref="False"/>; saturates.</summary>
    public ushort Doubts;

    /// <summary>Topics, in the partition's strings; 0 for none.</summary>
    public TopicList Topics;

    /// <summary>Cells of the term sketch; the first <see cref="TermCount"/> count.</summary>
    public TermList Terms;

    private ushort _flags;

    /// <summary>Post or hotline.</summary>
    public RecordKind Kind
    {
        readonly get => (RecordKind)Bits(0, 1);
        set => Set(0, 1, (int)value);
    }

    /// <summary>Whether it is in the tallies.</summary>
    public bool Counted
    {
        readonly get => Bits(1, 1) != 0;
        set => Set(1, 1, value ? 1 : 0);
    }

    /// <summary>The row takes back an earlier one: the record was deleted.</summary>
    public bool Removed
    {
        readonly get => Bits(2, 1) != 0;
        set => Set(2, 1, value ? 1 : 0);
    }

    /// <summary>Mood as tallied.</summary>
    public Sentiment Sentiment
    {
        readonly get => (Sentiment)Bits(3, 3);
        set => Set(3, 3, (int)value);
    }

    /// <summary>Mood of the record's own words.</summary>
    public Sentiment OwnSentiment
    {
        readonly get => (Sentiment)Bits(5, 3);
        set => Set(5, 3, (int)value);
    }

    /// <summary>Band as tallied.</summary>
    public CredibilityBand Band
    {
        readonly get => (CredibilityBand)Bits(7, 3);
        set => Set(7, 3, (int)value);
    }

    /// <summary>Band of the record's own words.</summary>
    public CredibilityBand OwnBand
    {
        readonly get => (CredibilityBand)Bits(9, 3);
        set => Set(9, 3, (int)value);
    }

    /// <summary>Number of terms.</summary>
    public int TermCount
    {
        readonly get => Bits(11, 15);
        set => Set(11, 15, value);
    }

    /// <summary>Event hour of the first version.</summary>
    public readonly long Hour => EventTime.HourOf(Minute);

    /// <summary>Whether both add the same to the tallies; minute and source of one id never differ.</summary>
    public readonly bool TalliesAs(in Contribution other) =>
        Counted == other.Counted
        && (!Counted
            || (Kind == other.Kind && Author == other.Author && Group == other.Group && Place == other.Place && False == other.False
                && Sentiment == other.Sentiment && Band == other.Band && TermCount == other.TermCount
                && ((ReadOnlySpan<ushort>)Topics).SequenceEqual(other.Topics)
                && ((ReadOnlySpan<ushort>)Terms)[..TermCount].SequenceEqual(((ReadOnlySpan<ushort>)other.Terms)[..TermCount])));

    private readonly int Bits(int shift, int mask) => (_flags >> shift) & mask;

    private void Set(int shift, int mask, int value) => _flags = (ushort)((_flags & ~(mask << shift)) | ((value & mask) << shift));

    /// <summary>Topics of a contribution.</summary>
    [InlineArray(MostTopics)]
    public struct TopicList
    {
        private ushort _first;
    }

    /// <summary>Term cells of a contribution.</summary>
    [InlineArray(MostTerms)]
    public struct TermList
    {
        private ushort _first;
    }
}

/// <summary>Minutes and hours since 1970-01-01T00:00Z.</summary>
internal static class EventTime
{
    public static long MinuteOf(DateTimeOffset time) => FloorDivide(time.ToUnixTimeSeconds(), 60);

    public static long HourOf(long minute) => FloorDivide(minute, 60);

    /// <summary>The last hour whose lateness has passed at <paramref name="minute"/>.</summary>
    public static long LastHourBefore(long minute, TimeSpan lateness) => HourOf(minute - (long)Math.Ceiling(lateness.TotalMinutes)) - 1;

    public static DateTimeOffset Of(long minute) => DateTimeOffset.FromUnixTimeSeconds(minute * 60);

    private static long FloorDivide(long value, long by) => value >= 0 ? value / by : -((by - 1 - value) / by);
}
