using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace RiskWatch.Classification.Stage;

/// <summary>Bounds of classification.</summary>
public sealed class ClassificationOptions
{
    public const string Section = "RiskWatch:Classification";

    /// <summary>Model file of the fast stage. Default: none, the one that comes with RiskWatch.</summary>
    public string? Model { get; set; }

    /// <summary>Contributions a process holds, some 110 bytes of memory each; beyond it the oldest hour is dropped early, and edits of its records count no more. Default 10,000,000.</summary>
    [Range(1, 1_000_000_000)]
    public long MaxHeldContributions { get; set; } = 10_000_000;

    /// <summary>Doubting records a partition holds, some 200 bytes each; beyond it the oldest hour of doubts is dropped early. Default 1,000,000.</summary>
    [Range(1, 100_000_000)]
    public int MaxWaitingDoubts { get; set; } = 1_000_000;

    /// <summary>Ids deleted in the last 7 days that a partition holds, some 70 bytes each; beyond it the oldest hour is forgotten early. Default 1,000,000.</summary>
    [Range(1, 100_000_000)]
    public int MaxDeletedIds { get; set; } = 1_000_000;

    /// <summary>Terms tallied per record (LOG §4.4); 0 switches them off. Default 8.</summary>
    [Range(0, Contribution.MostTerms)]
    public int MaxTerms { get; set; } = Contribution.MostTerms;
}

[OptionsValidator]
internal sealed partial class ClassificationOptionsValidator : IValidateOptions<ClassificationOptions>;
