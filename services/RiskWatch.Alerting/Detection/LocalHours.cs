using RiskWatch.Alerting.Detection.Counts;

namespace RiskWatch.Alerting.Detection;

/// <summary>The site's local hour of day and weekday of an hour (counted since 1970-01-01T00:00Z), by the clock and by what its calendar makes of the day.</summary>
internal sealed class LocalHours(TimeZoneInfo zone, HolidayCalendar calendar)
{
    private const int Slots = 1024;
    private const int Friday = 4;
    private const int Sunday = 6;
    private readonly long[] _hours = NewSlots();
    private readonly byte[] _hourOfWeek = new byte[Slots];
    private readonly byte[] _clockHourOfWeek = new byte[Slots];

    /// <summary>Local hour of the week, 0 = Monday 00:00, to 167; a holiday is a Sunday, a weekend day that is worked in exchange a Friday.</summary>
    public int HourOfWeek(long hour) => _hourOfWeek[Slot(hour)];

    /// <summary>Local hour of the week, whatever the calendar says of the day.</summary>
    public int ClockHourOfWeek(long hour) => _clockHourOfWeek[Slot(hour)];

    private int Slot(long hour)
    {
        var slot = (int)(hour & (Slots - 1));
        if (_hours[slot] != hour)
        {
            var local = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(hour * 3600), zone);
            var day = ((int)local.DayOfWeek + 6) % 7;
            var usual = calendar.Of(DateOnly.FromDateTime(local.DateTime)) switch { DayKind.Holiday => Sunday, DayKind.ExchangedWorkday => Friday, _ => day };
            _clockHourOfWeek[slot] = (byte)((day * 24) + local.Hour);
            _hourOfWeek[slot] = (byte)((usual * 24) + local.Hour);
            _hours[slot] = hour;
        }

        return slot;
    }

    /// <summary>For an IANA zone and a calendar's name; UTC where the system does not know the zone, no holidays where there is no such calendar.</summary>
    public static LocalHours Of(string? zone, string? calendar) =>
        new(zone is not null && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) ? found : TimeZoneInfo.Utc, HolidayCalendar.Find(calendar));

    private static long[] NewSlots()
    {
        var slots = new long[Slots];
        Array.Fill(slots, long.MinValue);
        return slots;
    }
}
