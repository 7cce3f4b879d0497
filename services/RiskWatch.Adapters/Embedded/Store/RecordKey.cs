namespace RiskWatch.Adapters.Embedded.Store;

/// <summary>A record's rowid: the second of <c>published</c> since 1970, then a number within that second. Sorted by it, records are sorted by time to the second.</summary>
internal static class RecordKey
{
    /// <summary>Bits of the number within a second: 4 million records share one, years up to 9999 fit.</summary>
    public const int Bits = 22;

    /// <summary>Least rowid of a second.</summary>
    public static long First(long second) => second << Bits;

    /// <summary>Second of a rowid.</summary>
    public static long Second(long rowid) => rowid >> Bits;

    /// <summary>Second of a time in ticks.</summary>
    public static long SecondOf(long utcTicks) => FloorDiv(utcTicks - DateTime.UnixEpoch.Ticks, TimeSpan.TicksPerSecond);

    /// <summary>First second that begins at or after a time in ticks.</summary>
    public static long CeilingOf(long utcTicks) => -FloorDiv(DateTime.UnixEpoch.Ticks - utcTicks, TimeSpan.TicksPerSecond);

    /// <summary>Division that rounds down for negative numbers too.</summary>
    public static long FloorDiv(long value, long by) => (value / by) - (value % by < 0 ? 1 : 0);
}
