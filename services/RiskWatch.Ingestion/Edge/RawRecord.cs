using RiskWatch.Contracts;

namespace RiskWatch.Ingestion.Edge;

/// <summary>A record as a source gives it, before the edge; one instance is used again for each row.</summary>
internal sealed class RawRecord
{
    public string? Id { get; set; }

    public string? Source { get; set; }

    public RecordKind Kind { get; set; }

    public DateTimeOffset? Published { get; set; }

    public string? Text { get; set; }

    public string? Title { get; set; }

    public string? Author { get; set; }

    public string? Url { get; set; }

    public string? Language { get; set; }

    public string? PlaceName { get; set; }

    public double? Latitude { get; set; }

    public double? Longitude { get; set; }

    public string? Category { get; set; }

    public string? Channel { get; set; }

    public string? Department { get; set; }

    public string? RepostOf { get; set; }

    public string? Root { get; set; }

    public Engagement? Engagement { get; set; }

    public string? Status { get; set; }

    public DateTimeOffset? Due { get; set; }

    public DateTimeOffset? Replied { get; set; }

    public DateTimeOffset? Closed { get; set; }

    public DateTimeOffset? Updated { get; set; }

    public bool Deleted { get; set; }

    /// <summary>Where a replay merges it: <see cref="Updated"/>, else <see cref="Published"/> (LOG §9).</summary>
    public DateTimeOffset? Merged => Updated ?? Published;

    public void Clear()
    {
        Id = Source = Text = Title = Author = Url = Language = PlaceName = Category = Channel = Department = RepostOf = Root = Status = null;
        Kind = RecordKind.Post;
        Published = Due = Replied = Closed = Updated = null;
        Latitude = Longitude = null;
        Engagement = null;
        Deleted = false;
    }
}
