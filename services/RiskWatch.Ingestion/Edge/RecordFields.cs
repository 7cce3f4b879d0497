using RiskWatch.Contracts;

namespace RiskWatch.Ingestion.Edge;

/// <summary>The fields of a record by the names that files, mappings and refusals use.</summary>
internal static class RecordFields
{
    public const string PublishedField = "published";
    public const string UpdatedField = "updated";

    /// <summary>Fields that are strings.</summary>
    public static readonly string[] TextFields = ["id", "source", "text", "title", "author", "url", "language", "category", "channel", "department", "repostOf", "root", "status", "kind"];

    /// <summary>Fields that are times.</summary>
    public static readonly string[] TimeFields = [PublishedField, UpdatedField, "due", "replied", "closed"];

    /// <summary>Fields that are numbers, by the path that mappings use.</summary>
    public static readonly string[] NumberFields = ["place.latitude", "place.longitude", "engagement.likes", "engagement.reposts", "engagement.replies", "engagement.heat"];

    /// <summary>Sets a string field; an unknown kind is refused.</summary>
    public static Refusal? SetText(RawRecord record, string field, string value)
    {
        switch (field)
        {
            case "id": record.Id = value; break;
            case "source": record.Source = value; break;
            case "text": record.Text = value; break;
            case "title": record.Title = value; break;
            case "author": record.Author = value; break;
            case "url": record.Url = value; break;
            case "language": record.Language = value; break;
            case "category": record.Category = value; break;
            case "channel": record.Channel = value; break;
            case "department": record.Department = value; break;
            case "repostOf": record.RepostOf = value; break;
            case "root": record.Root = value; break;
            case "status": record.Status = value; break;
            case "place.name": record.PlaceName = value; break;
            case "kind" when value == "post": record.Kind = RecordKind.Post; break;
            case "kind" when value == "hotline": record.Kind = RecordKind.Hotline; break;
            case "kind": return Refusal.Invalid("kind", "must be 'post' or 'hotline'");
            default: throw new ArgumentOutOfRangeException(nameof(field), field, null);
        }

        return null;
    }

    /// <summary>Sets a time field.</summary>
    public static void SetTime(RawRecord record, string field, DateTimeOffset time)
    {
        switch (field)
        {
            case PublishedField: record.Published = time; break;
            case UpdatedField: record.Updated = time; break;
            case "due": record.Due = time; break;
            case "replied": record.Replied = time; break;
            case "closed": record.Closed = time; break;
            default: throw new ArgumentOutOfRangeException(nameof(field), field, null);
        }
    }

    /// <summary>Sets a count.</summary>
    public static Engagement With(Engagement engagement, string name, long count) => name switch
    {
        "likes" => engagement with { Likes = count },
        "reposts" => engagement with { Reposts = count },
        "replies" => engagement with { Replies = count },
        "heat" => engagement with { Heat = count },
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };
}
