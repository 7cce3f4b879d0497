using System.Globalization;

namespace RiskWatch.Ingestion.Mappings;

/// <summary>
/// How a mapping writes times: <c>iso</c> (with offset), <c>epochSeconds</c>, <c>epochMilliseconds</c>, <c>epochSum</c> (epoch seconds + seconds after that), <c>snowflake</c> (an id of Twitter's that holds its
/// time, since November 2010), or a .NET format of local time with an IANA time zone.
/// Local times that a change of clocks makes ambiguous are the first of the two (daylight-saving time still on), so that no record seems to come later than
/// it did; those that it skips are counted on from the moment of the change (02:30 becomes 03:30). Not thread-safe.
/// </summary>
internal sealed class TimeFormat
{
    private const string Iso = "iso";
    private const string EpochSeconds = "epochSeconds";
    private const string EpochMilliseconds = "epochMilliseconds";
    private const string EpochSum = "epochSum";
    private const string Snowflake = "snowflake";

    // Milliseconds since 1970 at which Twitter's ids begin to count.
    private const long SnowflakeEpoch = 1_288_834_974_657;
    private static readonly long Quarter = TimeSpan.FromMinutes(15).Ticks;

    private readonly string _format;
    private long _cachedQuarter = -1;
    private TimeSpan _cachedOffset;

    /// <summary>A format; <paramref name="zone"/> is needed for local times only.</summary>
    public TimeFormat(string format, string? zone, string key)
    {
        _format = format;
        if (format is Iso or EpochSeconds or EpochMilliseconds or EpochSum or Snowflake)
        {
            Zone = zone is null ? TimeZoneInfo.Utc : FindZone(zone, key + ".zone");
            return;
        }

        if (zone is null)
        {
            throw new MappingException(key + ".zone", "is missing: local times need the IANA name of their time zone, for example America/New_York");
        }

        Zone = FindZone(zone, key + ".zone");
        try
        {
            _ = DateTime.UnixEpoch.ToString(format, CultureInfo.InvariantCulture);
        }
        catch (FormatException)
        {
            throw new MappingException(key + ".format", $"'{format}' is none of iso, epochSeconds, epochMilliseconds, epochSum, snowflake, nor a .NET date format such as yyyy-MM-dd HH:mm:ss");
        }
    }

    /// <summary>Time zone; UTC where none is given.</summary>
    public TimeZoneInfo Zone { get; }

    /// <summary>A time zone by its IANA name.</summary>
    public static TimeZoneInfo FindZone(string name, string key) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : throw new MappingException(key, $"'{name}' is not a time zone: use an IANA name, for example Asia/Shanghai");

    /// <summary>Reads a time.</summary>
    public bool TryParse(string text, out DateTimeOffset time)
    {
        time = default;
        switch (_format)
        {
            case EpochSeconds or EpochMilliseconds:
                if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
                {
                    return false;
                }

                var milliseconds = _format == EpochSeconds && Math.Abs(number) < 1L << 40 ? number * 1000 : number;
                if (Math.Abs(milliseconds) >= 1L << 47)
                {
                    return false;
                }

                time = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
                return true;
            case EpochSum:
                var plus = text.IndexOf('+', StringComparison.Ordinal);
                if (plus < 0 || !long.TryParse(text.AsSpan(0, plus), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var from)
                    || !long.TryParse(text.AsSpan(plus + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var after)
                    || Math.Abs(from) >= 1L << 37 || Math.Abs(after) >= 1L << 37)
                {
                    return false;
                }

                time = DateTimeOffset.FromUnixTimeSeconds(from + after);
                return true;
            case Snowflake:
                // Written with a mark before it, so that spreadsheets do not round it.
                if (!long.TryParse(text.AsSpan().Trim('\''), NumberStyles.None, CultureInfo.InvariantCulture, out var id) || id < 1L << 22)
                {
                    return false;
                }

                time = DateTimeOffset.FromUnixTimeMilliseconds((id >> 22) + SnowflakeEpoch);
                return true;
            case Iso:
                return text.Length > 16 && (text[^1] is 'Z' or 'z' || text[^6] is '+' or '-')
                    && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
            default:
                if (!DateTime.TryParseExact(text, _format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) || local.Year is < 2 or > 9998)
                {
                    return false;
                }

                time = FromLocal(DateTime.SpecifyKind(local, DateTimeKind.Unspecified));
                return true;
        }
    }

    private DateTimeOffset FromLocal(DateTime local)
    {
        // Clocks change at quarters of an hour at the finest.
        var quarter = local.Ticks / Quarter;
        if (quarter != _cachedQuarter)
        {
            _cachedQuarter = quarter;
            _cachedOffset = Zone.IsAmbiguousTime(local) ? Zone.GetAmbiguousTimeOffsets(local).Max()
                : Zone.IsInvalidTime(local) ? Zone.GetUtcOffset(local.AddHours(-3))
                : Zone.GetUtcOffset(local);
        }

        return new DateTimeOffset(local, _cachedOffset);
    }
}
