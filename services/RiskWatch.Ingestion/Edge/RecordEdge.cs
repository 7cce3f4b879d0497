using RiskWatch.Contracts;
using RiskWatch.Core.Privacy;
using RiskWatch.Core.Text;

namespace RiskWatch.Ingestion.Edge;

/// <summary>What the edge made of a raw record: exactly one of the two is set.</summary>
internal readonly record struct EdgeResult(Record? Record, Refusal? Refusal);

/// <summary>
/// Where a raw record becomes one of the log's (DESIGN §4): validated, HTML to text, normalised, masked, author to pseudonym, site and receive time stamped;
/// all before anything is written. A pure function of record, sources, secrets and time. Not thread-safe.
/// </summary>
internal sealed class RecordEdge(SourceCatalog sources, Pseudonyms pseudonyms)
{
    /// <summary>How far ahead of its receipt a record may say it was published (LOG §3.7).</summary>
    public static readonly TimeSpan MostAhead = TimeSpan.FromMinutes(5);

    private static readonly DateTimeOffset Earliest = new(1990, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Handles one record received at <paramref name="received"/>.</summary>
    public EdgeResult Handle(RawRecord raw, DateTimeOffset received, bool retried = false)
    {
        if (Validation.Identity(raw) is { } unnamed)
        {
            return new(null, unnamed);
        }

        if (sources.Find(raw.Source!, received) is not { } source)
        {
            return new(null, new Refusal(DeadLetterReason.UnknownSource, $"No site takes source '{raw.Source}': add it with 'riskwatch sources apply', then retry."));
        }

        if (Times(raw, received) is { } untimely)
        {
            return new(null, untimely);
        }

        return raw.Deleted ? new(Deletion(raw, source, received, retried), null) : Whole(raw, source, received, retried);
    }

    private static Refusal? Times(RawRecord raw, DateTimeOffset received)
    {
        if (raw.Published is not { } published)
        {
            return raw.Deleted ? null : Refusal.Missing(RecordFields.PublishedField, "give the time of the event with its offset");
        }

        if (published < Earliest || raw.Updated < Earliest)
        {
            return Refusal.Invalid(RecordFields.PublishedField, "lies before 1990: give the true time of the event");
        }

        return published - received > MostAhead || raw.Updated - received > MostAhead
            ? new Refusal(DeadLetterReason.FromTheFuture, "Field 'published' or 'updated' is more than 5 minutes ahead of the receive time: check the sender's clock and time zone, then retry.")
            : null;
    }

    private Record Deletion(RawRecord raw, KnownSource source, DateTimeOffset received, bool retried) => new()
    {
        Id = Id(source, raw.Id)!,
        Source = raw.Source!,
        Kind = raw.Kind,
        // A deletion that does not know when its record was published carries its own time; it goes to all partitions and months anyhow.
        Published = (raw.Published ?? raw.Updated ?? received).ToUniversalTime(),
        RepostOf = Id(source, raw.RepostOf),
        Root = Id(source, raw.Root),
        Updated = raw.Updated?.ToUniversalTime(),
        Received = received.ToUniversalTime(),
        Deleted = true,
        Site = source.Site.Id,
        Retried = retried,
    };

    private EdgeResult Whole(RawRecord raw, KnownSource source, DateTimeOffset received, bool retried)
    {
        if (Validation.Content(raw) is { } refusal)
        {
            return new(null, refusal);
        }

        var text = Words(raw.Text, source) ?? "";
        var title = Words(raw.Title, source);
        if (text.Length == 0 && title is null && raw.RepostOf is null)
        {
            return new(null, Refusal.Missing("text", "a record needs text or title, unless it reposts another"));
        }

        return new(new Record
        {
            Id = Id(source, raw.Id)!,
            Source = raw.Source!,
            Kind = raw.Kind,
            Published = raw.Published!.Value.ToUniversalTime(),
            Text = text,
            Title = title,
            Author = Author(raw, source),
            Url = WebAddress(raw.Url),
            Language = Short(raw.Language),
            Place = Place(raw, source),
            Category = Short(raw.Category),
            Channel = Short(raw.Channel),
            Department = Short(raw.Department),
            RepostOf = Id(source, raw.RepostOf),
            Root = Id(source, raw.Root),
            Engagement = raw.Engagement,
            Status = Validation.Status(raw.Status),
            Due = raw.Due?.ToUniversalTime(),
            Replied = raw.Replied?.ToUniversalTime(),
            Closed = raw.Closed?.ToUniversalTime(),
            Updated = raw.Updated?.ToUniversalTime(),
            Received = received.ToUniversalTime(),
            Site = source.Site.Id,
            Retried = retried,
        }, null);
    }

    private string? Author(RawRecord raw, KnownSource source)
    {
        if (!source.Definition.KnowsAuthors || string.IsNullOrWhiteSpace(raw.Author))
        {
            return null;
        }

        var local = TimeZoneInfo.ConvertTime(raw.Published!.Value, source.Zone);
        return pseudonyms.Author(raw.Source!, DateOnly.FromDateTime(local.DateTime), raw.Author);
    }

    private string? Id(KnownSource source, string? id) =>
        string.IsNullOrEmpty(id) ? null : source.Definition.IdsNameAuthors ? pseudonyms.Id(source.Definition.Name, id) : id;

    private static RecordPlace? Place(RawRecord raw, KnownSource source) =>
        Words(raw.PlaceName, source) is var name && (name is not null || raw.Latitude is not null) ? new RecordPlace(name, raw.Latitude, raw.Longitude) : null;

    private static string? Words(string? text, KnownSource source)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        // Masked after normalising, so that full-width digits and zero-width characters hide nothing.
        var masked = Masking.Apply(TextNormalizer.Normalize(HtmlText.ToText(text)), source.OfficialHandles);
        return masked.Length == 0 ? null : masked;
    }

    private static string? Short(string? text) => string.IsNullOrWhiteSpace(text) ? null : TextNormalizer.Normalize(text) is { Length: > 0 } normal ? normal : null;

    // Anything but an address of the web is left out: the console shows it as a link.
    private static string? WebAddress(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps) ? url : null;
}
