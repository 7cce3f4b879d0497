using RiskWatch.Contracts;
using RiskWatch.Core.Log;

namespace RiskWatch.Ingestion.Edge;

/// <summary>What the edge writes for a record: its entry, or why it is refused.</summary>
internal readonly record struct EdgeEntry(LogOutput? Entry, Record? Record, Refusal? Refusal)
{
    /// <summary>The entry of an edge's result, unless it is larger than the log takes.</summary>
    public static EdgeEntry Of(EdgeResult result, int largest)
    {
        if (result.Record is not { } record)
        {
            return new(null, null, result.Refusal);
        }

        var entry = Entries.Of(record);
        return entry.Value!.Value.Length <= largest
            ? new(entry, record, null)
            : new(null, null, new Refusal(DeadLetterReason.Oversized, $"The record is {entry.Value.Value.Length} bytes long as an entry, over the limit of {largest}: shorten its text (RiskWatch:Ingestion:LargestEntry)."));
    }
}
