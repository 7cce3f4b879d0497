namespace RiskWatch.Ingestion.Reading;

/// <summary>What is wrong with a line before anybody looks into it.</summary>
internal enum LineFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Longer than the limit; only its beginning is here.</summary>
    Oversized,

    /// <summary>A quote is opened and never closed; only the first physical line of it is here, and reading goes on after that.</summary>
    UnclosedQuote,
}

/// <summary>One record's bytes as they stand in the input. They are valid until the next read.</summary>
/// <param name="Bytes">Without the line break; of an oversized one the first 64 KiB.</param>
/// <param name="Number">Number of its first physical line, from 1.</param>
/// <param name="Fault">What is wrong with it.</param>
/// <param name="Length">Whole length in bytes.</param>
/// <param name="Sha256">SHA-256 of the whole, only for an oversized one.</param>
internal readonly record struct RawLine(ReadOnlyMemory<byte> Bytes, long Number, LineFault Fault, long Length, byte[]? Sha256);
