namespace RiskWatch.Ingestion.Reading;

/// <summary>Cuts a body into records.</summary>
internal interface IRecordSplitter
{
    /// <summary>Bytes taken from the stream so far.</summary>
    long BytesRead { get; }

    /// <summary>The next record of what was read so far.</summary>
    bool TryRead(out RawLine line);

    /// <summary>Reads on; false once the stream had already ended.</summary>
    ValueTask<bool> FillAsync(CancellationToken cancel);
}
