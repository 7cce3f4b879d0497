using System.Globalization;

namespace RiskWatch.Web.Live;

/// <summary>Times as a form's fields hold them: a site's wall clock without offset.</summary>
internal static class LocalTimes
{
    /// <summary>The field's value for a time, null for none.</summary>
    public static DateTime? Field(DateTimeOffset? time, TimeZoneInfo zone) =>
        time is { } value ? DateTime.SpecifyKind(TimeZoneInfo.ConvertTime(value, zone).DateTime, DateTimeKind.Unspecified) : null;

    /// <summary>The time that a field names, null for none. A time that the clock skips is taken as after the skip, one that it repeats as the first.</summary>
    public static DateTimeOffset? Time(DateTime? field, TimeZoneInfo zone)
    {
        if (field is not { } value)
        {
            return null;
        }

        var local = DateTime.SpecifyKind(value, DateTimeKind.Unspecified);
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.IsInvalidTime(local) ? zone.BaseUtcOffset : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset);
    }

    /// <summary>The time that an address names (ISO 8601), null for none.</summary>
    public static DateTimeOffset? FromAddress(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
