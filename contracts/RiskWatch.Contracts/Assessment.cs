using System.Text.Json.Serialization;

namespace RiskWatch.Contracts;

/// <summary>How far the content is believed.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<CredibilityBand>))]
public enum CredibilityBand
{
    /// <summary>Probably true, or nothing speaks against it.</summary>
    Credible,

    /// <summary>Not decided; also the answer for languages nobody trained and texts without words.</summary>
    Uncertain,

    /// <summary>Probably false.</summary>
    [JsonStringEnumMemberName("likely-false")]
    LikelyFalse,
}

/// <summary>Mood of a record.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<Sentiment>))]
public enum Sentiment
{
    /// <summary>Neither.</summary>
    Neutral,

    /// <summary>Angry, sad, afraid, dissatisfied.</summary>
    Negative,

    /// <summary>Happy, grateful, satisfied.</summary>
    Positive,
}

/// <summary>Which stage of classification decided.</summary>
[JsonConverter(typeof(CamelCaseEnumConverter<ClassificationStageKind>))]
public enum ClassificationStageKind
{
    /// <summary>Hashed features and linear heads, every record.</summary>
    Fast,

    /// <summary>The sentence encoder with its second heads.</summary>
    Encoder,
}

/// <summary>Calibrated probability that the content is false, at the site's base rate, and its band.</summary>
/// <param name="FalseProbability">0–1.</param>
/// <param name="Band">Band by the model's thresholds.</param>
public sealed record Credibility(double FalseProbability, CredibilityBand Band);

/// <summary>Probabilities of the three moods; they add up to 1.</summary>
public sealed record SentimentProbabilities(double Negative, double Neutral, double Positive);

/// <summary>Mood with its probabilities; <see cref="Score"/> = positive − negative, −1 to 1.</summary>
public sealed record SentimentAssessment(Sentiment Label, double Score, SentimentProbabilities Probabilities);

/// <summary>A topic that the record is about, and how sure (0–1).</summary>
public sealed record TopicAssessment(string Id, double Probability);

/// <summary>Department that would handle it, and how sure (0–1).</summary>
public sealed record DepartmentAssessment(string Label, double Probability);

/// <summary>Probability (0–1) that the record concerns public affairs at all.</summary>
public sealed record Relevance(double Probability);

/// <summary>A place by its gazetteer code.</summary>
public sealed record PlaceReference(string Code, string Name);

/// <summary>The known claim that the record repeats, or speaks about.</summary>
/// <param name="Id">Id of the claim in its list.</param>
/// <param name="Similarity">1: the same but for links, names, digits and marks; below: likeness of meaning.</param>
/// <param name="Verdict">What the review says of the claim.</param>
/// <param name="Published">When the review came out: how old the match is.</param>
public sealed record ClaimMatch(string Id, double Similarity, string Verdict, DateTimeOffset? Published = null);

/// <summary>What classification says of a record, as <c>score</c> prints it (DESIGN §6).</summary>
public sealed record Assessment
{
    /// <summary>Id of the record.</summary>
    public required string Id { get; init; }

    /// <summary>BCP 47, <c>und</c> where unknown.</summary>
    public required string Language { get; init; }

    /// <summary>Credibility; hotline records are never discounted by it.</summary>
    public required Credibility Credibility { get; init; }

    /// <summary>Mood.</summary>
    public required SentimentAssessment Sentiment { get; init; }

    /// <summary>Topics with their ancestors, most probable first; "everything" is not listed.</summary>
    public IReadOnlyList<TopicAssessment> Topics { get; set; } = [];

    /// <summary>Department, null where no head fits the language or text.</summary>
    public DepartmentAssessment? Department { get; init; }

    /// <summary>Relevance to public affairs.</summary>
    public required Relevance Relevance { get; init; }

    /// <summary>Places, the one it is counted under first.</summary>
    public IReadOnlyList<PlaceReference> Places { get; set; } = [];

    /// <summary>Near-duplicate group: a pure function of the text, 16 hexadecimal digits.</summary>
    public required string Group { get; init; }

    /// <summary>Matched claim or null.</summary>
    public ClaimMatch? Claim { get; init; }

    /// <summary>Stage that decided.</summary>
    public ClassificationStageKind Stage { get; init; }

    /// <summary>True where load made the encoder be skipped.</summary>
    public bool Shed { get; init; }

    /// <summary>Version of the model file.</summary>
    public required string ModelVersion { get; init; }

    /// <summary>For a revision as <c>score</c> prints it: id of the record that this line revises.</summary>
    public string? Revises { get; init; }

    /// <summary>For a revision: event time of the record that caused it.</summary>
    public DateTimeOffset? At { get; init; }
}

/// <summary>A record with its assessment, on <see cref="Topics.Scored"/>; a deletion has no assessment.</summary>
/// <param name="Record">The record; deleted ones carry only identity.</param>
/// <param name="Assessment">Null for a deletion.</param>
/// <param name="Version">Store version, growing per record (LOG §5.6).</param>
/// <param name="Counted">False where it was stored but not tallied: late, from a channel that is not the public's, or a repeat without news.</param>
public sealed record ScoredRecord(
    Record Record,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] Assessment? Assessment,
    long Version,
    bool Counted);

/// <summary>A later change of an assessment, without text (LOG §5.5): doubt, or a person's correction.</summary>
/// <param name="Source">Source of the revised record.</param>
/// <param name="Id">Its id.</param>
/// <param name="Published">Its first published time, to the minute.</param>
/// <param name="Credibility">New credibility, null: unchanged.</param>
/// <param name="Sentiment">New mood, null: unchanged.</param>
/// <param name="Doubts">How many doubts of the crowd are counted by now.</param>
/// <param name="CorrectedBy">Who corrected it, null where the crowd did.</param>
/// <param name="At">Event time of the cause.</param>
/// <param name="Version">Store version.</param>
public sealed record Revision(
    string Source,
    string Id,
    DateTimeOffset Published,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] Credibility? Credibility,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] Sentiment? Sentiment,
    int Doubts,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? CorrectedBy,
    DateTimeOffset At,
    long Version);
