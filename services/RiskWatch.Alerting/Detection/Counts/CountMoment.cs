namespace RiskWatch.Alerting.Detection.Counts;

/// <summary>A bucket of time as the calendar sees it; the same for all channels of a site.</summary>
/// <param name="Bucket">Buckets (hours, days or weeks, as the shape says) since a fixed origin.</param>
/// <param name="DayOfWeek">0 = Monday, to 6, local.</param>
/// <param name="Day">What the local day is.</param>
/// <param name="AfterHoliday">Whether the day before was a holiday and this one is none.</param>
internal readonly record struct CountMoment(long Bucket, int DayOfWeek, DayKind Day, bool AfterHoliday)
{
    /// <summary>The moment of a bucket that begins at a local time.</summary>
    public static CountMoment Of(long bucket, DateOnly day, HolidayCalendar calendar)
    {
        var kind = calendar.Of(day);
        return new CountMoment(bucket, ((int)day.DayOfWeek + 6) % 7, kind, kind != DayKind.Holiday && calendar.Of(day.AddDays(-1)) == DayKind.Holiday);
    }
}
