using System.Globalization;
using RiskWatch.Contracts;

namespace RiskWatch.Web.Live;

/// <summary>Where a dead letter came from, in one line.</summary>
internal static class OriginTexts
{
    public static string Of(DeadLetterOrigin origin)
    {
        List<string> parts = [];
        if (origin.Source is { } source)
        {
            parts.Add(source);
        }

        if (origin.File is { } file)
        {
            parts.Add(file);
        }

        if (origin.Line is { } line)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $":{line}"));
        }

        if (origin.Topic is { } topic)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{topic}/{origin.Partition}@{origin.Offset}"));
        }

        return string.Join(' ', parts);
    }
}
