using System.Globalization;
using Microsoft.VisualBasic.FileIO;
using RiskWatch.Contracts;
using RiskWatch.Core.Places;
using RiskWatch.Server.Commands;

namespace RiskWatch.Server.Backtesting;

/// <summary>What really happened, as somebody who knows it wrote it down.</summary>
/// <param name="Name">Name, unique in its file.</param>
/// <param name="Topic">Topic id; <c>*</c> where none is said: everything.</param>
/// <param name="Place">Gazetteer code; the site's root where none is said.</param>
/// <param name="Onset">When it began.</param>
/// <param name="End">When it was over.</param>
internal sealed record Incident(string Name, string Topic, string Place, DateTimeOffset Onset, DateTimeOffset End)
{
    private static readonly string[] Columns = ["name", "topic", "place", "onset", "end"];

    /// <summary>The series that shows it most plainly.</summary>
    public SeriesId Series(string site) => new(site, Topic, Place);

    /// <summary>What staff of a site reported: warnings that they missed, and alerts that they closed as true.</summary>
    /// <exception cref="UsageException">There is neither.</exception>
    public static IReadOnlyList<Incident> Reported(IEnumerable<ControlEntry> misses, IEnumerable<Alert> alerts, Site site)
    {
        List<Incident> incidents =
        [
            .. misses.Where(e => e.Miss!.Site == site.Id).Select(e => new Incident(e.Miss!.Note.Length > 0 ? e.Miss.Note : e.EntityId, e.Miss.Topic, e.Miss.Place, e.Miss.Onset, e.Miss.End)),
            .. alerts.Where(a => a.Site == site.Id && a.Verdict == Verdict.True).Select(a => new Incident(a.Headline.En, a.Topic?.Id ?? SeriesTopics.Everything, a.Place?.Code ?? site.GazetteerRoot, Earlier(a.Onset, a.RaisedAt), EndOf(a))),
        ];
        return incidents.Count > 0 ? incidents.OrderBy(i => i.Onset).ToList() : throw new UsageException($"Nobody has reported a missed warning of site '{site.Id}' (alerts miss) or closed one of its alerts as true: give --incidents.");
    }

    /// <summary>Reads CSV with the columns name, topic, place, onset and end. Times without an offset are the site's own.</summary>
    /// <exception cref="UsageException">The file is not of that form, or names what the site does not have; the message names line and column.</exception>
    public static IReadOnlyList<Incident> Read(FileInfo file, Site site, ITaxonomy taxonomy, IGazetteer gazetteer)
    {
        if (!file.Exists)
        {
            throw new UsageException($"{file.FullName} (--incidents) does not exist.");
        }

        using var parser = new TextFieldParser(file.FullName) { TextFieldType = FieldType.Delimited, Delimiters = [","], HasFieldsEnclosedInQuotes = true };
        var header = Fields(parser, file)?.Select(c => c.Trim().ToLowerInvariant()).ToList() ?? [];
        if (Columns.FirstOrDefault(c => !header.Contains(c)) is { } missing)
        {
            throw new UsageException($"{file.Name}: the first line names no column '{missing}'; it must be: {string.Join(",", Columns)}.");
        }

        var zone = TimeZoneInfo.FindSystemTimeZoneById(site.TimeZone);
        var topics = taxonomy.Topics(site).Append("*").ToHashSet(StringComparer.Ordinal);
        var places = gazetteer.Codes.ToHashSet(StringComparer.Ordinal);
        var incidents = new List<Incident>();
        while (!parser.EndOfData)
        {
            var line = parser.LineNumber;
            var fields = Fields(parser, file)!;
            string Of(string column) => fields.ElementAtOrDefault(header.IndexOf(column))?.Trim() ?? "";
            UsageException Wrong(string column, string what) => new(string.Create(CultureInfo.InvariantCulture, $"{file.Name}, line {line}, {column}: {what}"));

            DateTimeOffset Time(string column) => DateTimeOffset.TryParse(Of(column), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                ? HasOffset(Of(column)) ? time : new DateTimeOffset(time.UtcDateTime.Ticks, zone.GetUtcOffset(DateTime.SpecifyKind(time.UtcDateTime, DateTimeKind.Unspecified)))
                : throw Wrong(column, $"'{Of(column)}' is no time; write 2011-08-28T09:00-04:00, or without the offset in the time of the site.");

            var incident = new Incident(
                Of("name") is { Length: > 0 } name ? name : throw Wrong("name", "an incident needs a name."),
                Of("topic") is { Length: > 0 } topic ? topics.Contains(topic) ? topic : throw Wrong("topic", $"site '{site.Id}' has no topic '{topic}'.") : "*",
                Of("place") is { Length: > 0 } place ? places.Contains(place) ? place : throw Wrong("place", $"the gazetteer has no place '{place}'.") : site.GazetteerRoot,
                Time("onset"),
                Time("end"));
            incidents.Add(incident.End >= incident.Onset ? incident : throw Wrong("end", "it lies before onset."));
        }

        return incidents.Count > 0 ? incidents : throw new UsageException($"{file.Name} holds no incident.");
    }

    private static DateTimeOffset Earlier(DateTimeOffset? onset, DateTimeOffset raised) => onset is { } known && known < raised ? known : raised;

    // Until it ended by itself; one that staff closed sooner, until then.
    private static DateTimeOffset EndOf(Alert alert) => alert.History.Count > 0 ? alert.History[^1].At : alert.UpdatedAt;

    // The dashes of a date alone are none.
    private static bool HasOffset(string time) => time.EndsWith('Z') || (time.IndexOfAny(['T', ' ']) is > 0 and var clock && time.LastIndexOfAny(['+', '-']) > clock);

    private static string[]? Fields(TextFieldParser parser, FileInfo file)
    {
        try
        {
            return parser.ReadFields();
        }
        catch (MalformedLineException e)
        {
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{file.Name}, line {e.LineNumber}: the quotes do not close."));
        }
    }
}
