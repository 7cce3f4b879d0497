using System.Globalization;
using RiskWatch.Core.Control;

namespace RiskWatch.Alerting.Detection.Counts;

/// <summary>What a local day is for people's habits.</summary>
internal enum DayKind
{
    /// <summary>Monday to Friday as usual.</summary>
    Ordinary,

    /// <summary>Saturday or Sunday.</summary>
    Weekend,

    /// <summary>A public holiday, whatever its weekday.</summary>
    Holiday,

    /// <summary>A weekend day that is worked in exchange for a holiday (China).</summary>
    ExchangedWorkday,
}

/// <summary>
/// A country's public holidays as data: <c>Calendars/cn.csv</c> and <c>Calendars/us.csv</c> beside the program, rows <c>date,kind,name</c>, 2010 to 2027,
/// editable. A day that no row names is what its weekday says.
/// </summary>
internal sealed class HolidayCalendar
{
    private readonly Dictionary<DateOnly, (DayKind Kind, string Name)> _days = [];

    /// <summary>No holidays at all.</summary>
    public static HolidayCalendar None { get; } = new();

    /// <summary>First and last day that a row names; null without rows.</summary>
    public (DateOnly First, DateOnly Last)? Span => _days.Count == 0 ? null : (_days.Keys.Min(), _days.Keys.Max());

    /// <summary>The calendar of that name (<c>cn</c>, <c>us</c>) in the folder beside the program.</summary>
    /// <exception cref="FileNotFoundException">There is none of that name.</exception>
    /// <exception cref="InvalidDataException">A row is not <c>date,kind,name</c>; says which.</exception>
    public static HolidayCalendar Named(string name) => Read(CalendarFiles.PathOf(name));

    /// <summary>The calendar of that name, <see cref="None"/> where there is none.</summary>
    public static HolidayCalendar Find(string? name) =>
        CalendarFiles.Exists(name) ? Named(name!) : None;

    /// <summary>Reads a calendar file.</summary>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">A row is not <c>date,kind,name</c>; says which.</exception>
    public static HolidayCalendar Read(string file)
    {
        var calendar = new HolidayCalendar();
        var number = 0;
        foreach (var line in File.ReadLines(file))
        {
            number++;
            if (line.Length == 0 || line[0] == '#' || line.StartsWith("date,", StringComparison.Ordinal))
            {
                continue;
            }

            var cells = line.Split(',');
            var kind = cells.Length == 3 ? cells[1] : "";
            if (!DateOnly.TryParseExact(cells[0], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) || kind is not ("holiday" or "workday"))
            {
                throw new InvalidDataException($"{Path.GetFileName(file)}, line {number}: expected date,holiday|workday,name.");
            }

            calendar._days[day] = (kind == "holiday" ? DayKind.Holiday : DayKind.ExchangedWorkday, cells[2]);
        }

        return calendar;
    }

    /// <summary>What the day is.</summary>
    public DayKind Of(DateOnly day) => _days.TryGetValue(day, out var found)
        ? found.Kind
        : day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? DayKind.Weekend : DayKind.Ordinary;

    /// <summary>The holiday's name, or of an exchanged workday the holiday it is exchanged for; null on any other day.</summary>
    public string? NameOf(DateOnly day) => _days.TryGetValue(day, out var found) ? found.Name : null;
}
