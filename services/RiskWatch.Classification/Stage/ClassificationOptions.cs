using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace RiskWatch.Classification.Stage;

/// <summary>Bounds of classification.</summary>
public sealed class ClassificationOptions
{
    public const string Section = "RiskWatch:Classification";

    /// <summary>Model file of the fast stage. Default: none, the one that comes with RiskWatch.</summary>
    public string? Model { get; set; }

    /// <summary>Folder of the encoder stage: <c>heads.bin</c>, and per language <c>zh.onnx</c> with <c>zh.vocab.txt</c>. Default: none, the one that comes with RiskWatch.</summary>
    public string? Encoder { get; set; }

    /// <summary>What the encoder may take of the processor, in cores, live. 0: no encoder, and no replay has one either. Default 0.1.</summary>
    [Range(0, 1024)]
    public double EncoderCores { get; set; } = 0.1;

    /// <summary>Priority, 0–1, from which on a record is encoded; 0: every record. Default 0.5: suspected rumours and doubtful credibility; doubt of mood asks below it.</summary>
    [Range(0, 1)]
    public double EncoderFrom { get; set; } = 0.5;

    /// <summary>Whether the encoder is skipped, and the record marked as shed, where <see cref="EncoderCores"/> are used up; without it the choice depends on the record alone, as in <c>replay</c>. Default true.</summary>
    public bool EncoderSheds { get; set; } = true;

    /// <summary>Vectors kept per language, 2 to 4 KB each, so that a text is encoded once. Default 8,192.</summary>
    [Range(2, 10_000_000)]
    public int EncoderVectors { get; set; } = 8_192;

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
