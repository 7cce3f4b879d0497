namespace RiskWatch.Alerting.Detection;

/// <summary>The site's local hour of day and weekday of an hour (counted since 1970-01-01T00:00Z).</summary>
internal sealed class LocalHours(TimeZoneInfo zone)
{
    private const int Slots = 1024;
    private readonly long[] _hours = NewSlots();
    private readonly byte[] _hourOfWeek = new byte[Slots];

    /// <summary>Local hour of the week, 0 = Monday 00:00, to 167.</summary>
    public int HourOfWeek(long hour)
    {
        var slot = (int)(hour & (Slots - 1));
        if (_hours[slot] != hour)
        {
            var local = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(hour * 3600), zone);
            _hourOfWeek[slot] = (byte)(((((int)local.DayOfWeek + 6) % 7) * 24) + local.Hour);
            _hours[slot] = hour;
        }

        return _hourOfWeek[slot];
    }

    /// <summary>For an IANA zone; UTC where the system does not know it.</summary>
    public static LocalHours Of(string? zone) => new(zone is not null && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) ? found : TimeZoneInfo.Utc);

    private static long[] NewSlots()
    {
        var slots = new long[Slots];
        Array.Fill(slots, long.MinValue);
        return slots;
    }
}
