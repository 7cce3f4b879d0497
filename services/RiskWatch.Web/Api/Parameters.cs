using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace RiskWatch.Web.Api;

/// <summary>Reads parameters and gathers what is wrong with them, each under its own name.</summary>
internal sealed class Parameters
{
    private const int LongestText = 500;

    private readonly Dictionary<string, string[]> _errors = [];

    /// <summary>The answer that names every wrong parameter; null where all are right.</summary>
    public ValidationProblem? Problem() => _errors.Count == 0 ? null : TypedResults.ValidationProblem(_errors, title: "A parameter is not valid.");

    /// <summary>Says what is wrong with a parameter.</summary>
    public void Refuse(string name, string why) => _errors[name] = [why];

    /// <summary>An optional ISO 8601 time with its offset; a day alone is its start in UTC.</summary>
    public DateTimeOffset? Time(string name, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return time;
        }

        Refuse(name, $"'{name}' must be an ISO 8601 time such as 2021-07-20T08:00:00Z.");
        return null;
    }

    /// <summary>Refuses a range that ends before it starts.</summary>
    public void Ordered(DateTimeOffset? from, DateTimeOffset? until)
    {
        if (from >= until)
        {
            Refuse("until", "'until' must be later than 'from'.");
        }
    }

    /// <summary>An optional member of an enum by its name in JSON.</summary>
    public TEnum? Member<TEnum>(string name, string? text)
        where TEnum : struct, Enum
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (EnumNames<TEnum>.TryParse(text, out var value))
        {
            return value;
        }

        Refuse(name, $"'{name}' must be one of {EnumNames<TEnum>.All}.");
        return null;
    }

    /// <summary>Optional members of an enum, separated by commas.</summary>
    public IReadOnlyList<TEnum>? Members<TEnum>(string name, string? text)
        where TEnum : struct, Enum => string.IsNullOrEmpty(text)
            ? null
            : [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(part => Member<TEnum>(name, part)).OfType<TEnum>()];

    /// <summary>A number within a range, or its default.</summary>
    public int Number(string name, string? text, int otherwise, int least, int most)
    {
        if (string.IsNullOrEmpty(text))
        {
            return otherwise;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        Refuse(name, $"'{name}' must be a whole number from {least} to {most}.");
        return otherwise;
    }

    /// <summary>An optional text of bounded length; empty is none.</summary>
    public string? Text(string name, string? text)
    {
        if (text?.Length > LongestText)
        {
            Refuse(name, $"'{name}' must have at most {LongestText} characters.");
        }

        return string.IsNullOrWhiteSpace(text) ? null : text.Trim();
    }

    /// <summary>A length of time from a minute to 31 days, such as <c>1h</c>, <c>30m</c>, <c>1d</c>.</summary>
    public TimeSpan Span(string name, string? text, TimeSpan otherwise)
    {
        if (string.IsNullOrEmpty(text))
        {
            return otherwise;
        }

        var unit = text[^1] switch { 'm' => TimeSpan.FromMinutes(1), 'h' => TimeSpan.FromHours(1), 'd' => TimeSpan.FromDays(1), _ => TimeSpan.Zero };
        if (int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= 50_000
            && unit * count is var span && span > TimeSpan.Zero && span <= TimeSpan.FromDays(31))
        {
            return span;
        }

        Refuse(name, $"'{name}' must be a length such as 30m, 1h or 1d, at most 31d.");
        return otherwise;
    }
}
