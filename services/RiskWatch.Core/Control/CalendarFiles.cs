namespace RiskWatch.Core.Control;

/// <summary>The calendars of holidays that sites can name: <c>Calendars/NAME.csv</c> beside the program.</summary>
public static class CalendarFiles
{
    /// <summary>File of a calendar.</summary>
    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Calendars", name + ".csv");

    /// <summary>Whether there is one of that name.</summary>
    public static bool Exists(string? name) => name is { Length: > 0 } && name.All(char.IsAsciiLetterOrDigit) && File.Exists(PathOf(name));
}
