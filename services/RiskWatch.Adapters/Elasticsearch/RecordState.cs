using RiskWatch.Core.Store;

namespace RiskWatch.Adapters.Elasticsearch;

/// <summary>A record's state while a batch of writes is applied to it in order; what comes out is written once.</summary>
/// <param name="source">Source.</param>
/// <param name="id">Id in the source.</param>
internal sealed class RecordState(string source, string id)
{
    public string Source => source;

    public string Id => id;

    /// <summary>The document, null where it is deleted, missing, or was not read.</summary>
    public StoredRecord? Document { get; private set; }

    /// <summary>Version of the last deletion.</summary>
    public long DeletedVersion { get; private set; } = long.MinValue;

    /// <summary>Where the stored document lies.</summary>
    public string? Index { get; private set; }

    /// <summary>Position of the write that made the document, null where the batch did not.</summary>
    public int? WrittenBy { get; private set; }

    /// <summary>Position of the deletion, null where the batch has none that holds.</summary>
    public int? DeletedBy { get; private set; }

    /// <summary>What the store holds. A deletion that is not older than the document has not reached it yet.</summary>
    public void Hold(StoredRecord? document, string? index, long? deleted)
    {
        DeletedVersion = Math.Max(DeletedVersion, deleted ?? long.MinValue);
        if (document is not null && document.Version > DeletedVersion && (Document is null || document.Version > Document.Version))
        {
            (Document, Index) = (document, index);
        }
    }

    /// <summary>Applies one write.</summary>
    public void Apply(RecordWrite write, int position)
    {
        if ((Document?.Version ?? DeletedVersion) >= write.Version)
        {
            return;
        }

        if (write.Document is { } document)
        {
            Document = document with { Record = document.Record with { Author = null }, Version = write.Version };
            WrittenBy = position;
            Index = null;
        }
        else if (write.Revision is { } revision)
        {
            if (Document is { } held)
            {
                Document = held.Revised(revision) with { Version = write.Version };
                WrittenBy = position;
            }
        }
        else
        {
            (Document, Index, WrittenBy) = (null, null, null);
            (DeletedVersion, DeletedBy) = (write.Version, position);
        }
    }
}
