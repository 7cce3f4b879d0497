using RiskWatch.Contracts;

namespace RiskWatch.Ingestion.Edge;

/// <summary>Why the edge refuses a record.</summary>
/// <param name="Reason">Machine-readable.</param>
/// <param name="Detail">Names the field and says what to do; never text of the record.</param>
internal sealed record Refusal(DeadLetterReason Reason, string Detail)
{
    public static Refusal Missing(string field, string what) => new(DeadLetterReason.MissingField, $"Field '{field}' is missing or empty: {what}.");

    public static Refusal Invalid(string field, string what) => new(DeadLetterReason.InvalidField, $"Field '{field}' {what}.");
}
