using System.Globalization;

namespace RiskWatch.Core.Privacy;

/// <summary>A week of ISO 8601, Monday to Sunday.</summary>
/// <param name="Year">Its year, which may differ from the calendar's at both ends.</param>
/// <param name="Week">1–53.</param>
public readonly record struct IsoWeek(int Year, int Week)
{
    /// <summary>The week of a day.</summary>
    public static IsoWeek Of(DateOnly day)
    {
        var date = day.ToDateTime(TimeOnly.MinValue);
        return new IsoWeek(ISOWeek.GetYear(date), ISOWeek.GetWeekOfYear(date));
    }

    /// <summary>When it is over everywhere on earth.</summary>
    public DateTimeOffset End() => new(ISOWeek.ToDateTime(Year, Week, DayOfWeek.Monday).AddDays(7).AddHours(12), TimeSpan.Zero);

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(string text, out IsoWeek week)
    {
        week = default;
        if (text.Length != 8 || text[4] != '-' || text[5] != 'W'
            || !int.TryParse(text.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var year)
            || !int.TryParse(text.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || year is < 1 or > 9990 || number < 1 || number > ISOWeek.GetWeeksInYear(year))
        {
            return false;
        }

        week = new IsoWeek(year, number);
        return true;
    }

    /// <summary><c>2026-W48</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Year:0000}-W{Week:00}");
}
