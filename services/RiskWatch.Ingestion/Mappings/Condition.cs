using System.Globalization;
using System.Text.RegularExpressions;

namespace RiskWatch.Ingestion.Mappings;

/// <summary>A condition on a row.</summary>
internal sealed class Condition
{
    /// <summary>What is looked at.</summary>
    public required Template Value { get; init; }

    /// <summary>Holds where the value is this.</summary>
    public new string? Equals { get; init; }

    /// <summary>Holds where the value is anything but this.</summary>
    public string? Not { get; init; }

    /// <summary>Holds where the value matches.</summary>
    public Regex? Matches { get; init; }

    /// <summary>Holds where the value is empty (true) or is not (false).</summary>
    public bool? Empty { get; init; }

    /// <summary>Holds where the value is not the local day (yyyy-MM-dd) of the row's merged time in this zone.</summary>
    public TimeZoneInfo? NotDayIn { get; init; }

    /// <summary>Whether it holds.</summary>
    public bool Holds(IRowValues row, DateTimeOffset? merged)
    {
        var value = Value.Of(row);
        if (NotDayIn is not null)
        {
            return merged is not { } time || value != TimeZoneInfo.ConvertTime(time, NotDayIn).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        }

        return Equals is not null ? value == Equals
            : Not is not null ? value != Not
            : Matches is not null ? Matches.IsMatch(value)
            : (value.Length == 0) == (Empty ?? true);
    }
}
