namespace RiskWatch.Adapters.Elasticsearch;

/// <summary>What becomes of one item of a bulk answer.</summary>
internal enum BulkFate
{
    /// <summary>Written, or a newer version is there already.</summary>
    Done,

    /// <summary>The server is busy or read-only: again later.</summary>
    Again,

    /// <summary>Its index is not there (any more).</summary>
    NoIndex,

    /// <summary>It can never be written.</summary>
    Refused,

    /// <summary>Something that an operator must change.</summary>
    Misconfigured,
}

/// <summary>Decides the fate of an item from its status and error.</summary>
internal static class BulkItem
{
    public static BulkFate Fate(BulkResult result)
    {
        var error = result.Error is { } cause ? ElasticErrors.Of(cause) : null;
        return result.Status switch
        {
            >= 200 and < 300 => BulkFate.Done,
            409 => BulkFate.Done,
            404 when error is null => BulkFate.Done,
            404 => BulkFate.NoIndex,
            _ when error?.IsBlock == true => BulkFate.Again,
            429 or >= 500 => BulkFate.Again,
            400 or 413 when error?.Type is not ("index_closed_exception" or "invalid_index_name_exception" or "validation_exception") => BulkFate.Refused,
            _ => BulkFate.Misconfigured,
        };
    }
}
