using RiskWatch.Contracts;
using RiskWatch.Ingestion.Reading;

namespace RiskWatch.Ingestion.Mappings;

/// <summary>How a string field comes about: cases first, else the template or hash; then the replaced values.</summary>
internal sealed record TextRule(string Field, Template? Template, IReadOnlyList<Template>? Hash, IReadOnlyList<(Condition When, Template Then)> Cases, IReadOnlyDictionary<string, string> Values);

/// <summary>How a time field comes about; where its value is empty, <see cref="Otherwise"/> decides.</summary>
internal sealed record TimeRule(string Field, Template Template, TimeFormat Format, TimeRule? Otherwise);

/// <summary>How a number comes about.</summary>
internal sealed record NumberRule(string Field, Template Template);

/// <summary>Which rows are refused, and in what words.</summary>
internal sealed record RefuseRule(Condition When, DeadLetterReason Reason, string Detail);

/// <summary>What is remembered of things seen: key, time, and for how long.</summary>
internal sealed record FirstSeenRule(IReadOnlyList<Template> Key, TimeRule Time, TimeSpan Within);

/// <summary>Which rows others refer to: their key and their time; a row without that time looks it up by its key.</summary>
internal sealed record JoinRule(IReadOnlyList<Template> Key, TimeRule Time);

/// <summary>How columns become fields (a mapping file, see <see cref="MappingReader"/>).</summary>
internal sealed class Mapping
{
    /// <summary>Name; dead letters carry it, so that a retry finds it again.</summary>
    public required string Name { get; init; }

    /// <summary>Format; null: by the file's name.</summary>
    public InputFormat? Format { get; init; }

    /// <summary>Declared encoding; null: detected.</summary>
    public string? Encoding { get; init; }

    /// <summary>Its JSON, as it was read.</summary>
    public required string Json { get; init; }

    public required RecordKind Kind { get; init; }

    public required ColumnSlots Columns { get; init; }

    public required IReadOnlyDictionary<string, string> Rename { get; init; }

    public required IReadOnlyList<TextRule> Texts { get; init; }

    public required IReadOnlyList<TimeRule> Times { get; init; }

    public required IReadOnlyList<NumberRule> Numbers { get; init; }

    public required IReadOnlyList<RefuseRule> Refuse { get; init; }

    public FirstSeenRule? FirstSeen { get; init; }

    public JoinRule? Join { get; init; }
}
