using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RiskWatch.Classification.Training;

/// <summary>How good the heads are on rows that they were not trained on. Shares and scores are fractions, intervals are 95 % by bootstrap.</summary>
public sealed record Evaluation
{
    /// <summary>What was evaluated: the training procedure on earlier rows, or a model file.</summary>
    public required string Model { get; init; }

    /// <summary>One entry per head and labelled set.</summary>
    public required IReadOnlyList<HeadEvaluation> Heads { get; init; }

    /// <summary>Share of ordinary texts that come out as false at the usual base rate.</summary>
    public required IReadOnlyList<BaseRateCheck> BaseRate { get; init; }

    /// <summary>The same heads with every text encoded; empty where there is no encoder.</summary>
    public IReadOnlyList<HeadEvaluation> EncoderHeads { get; init; } = [];

    /// <summary>The same check with every text encoded, on a sample; empty where there is no encoder.</summary>
    public IReadOnlyList<BaseRateCheck> EncoderBaseRate { get; init; } = [];

    /// <summary>As JSON, indented, camelCase.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, EvaluationJson.Default.Evaluation);

    /// <summary>From JSON.</summary>
    public static Evaluation FromJson(string json) => JsonSerializer.Deserialize(json, EvaluationJson.Default.Evaluation) ?? throw new JsonException("empty");

    /// <summary>As a Markdown table.</summary>
    public string ToTable()
    {
        var text = new StringBuilder();
        text.AppendLine("| head | set | stage | rows | macro-F1 (95 %) | accuracy | macro-recall | AUC | calibration error |");
        text.AppendLine("|---|---|---|---:|---|---:|---:|---:|---:|");
        foreach (var (h, stage) in Heads.Select(h => (h, "fast")).Concat(EncoderHeads.Select(h => (h, "encoder"))))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {h.Language} {h.Head} | {h.Set} | {stage} | {h.Rows} | {h.MacroF1:F3} ({h.MacroF1Low:F3}–{h.MacroF1High:F3}) | {h.Accuracy:F3} | {h.MacroRecall:F3} | {(h.Auc is { } auc ? auc.ToString("F3", CultureInfo.InvariantCulture) : "–")} | {h.CalibrationError:F3} |");
        }

        text.AppendLine().AppendLine("| ordinary texts | stage | rows | prior | likely-false | mean false probability |").AppendLine("|---|---|---:|---:|---:|---:|");
        foreach (var (b, stage) in BaseRate.Select(b => (b, "fast")).Concat(EncoderBaseRate.Select(b => (b, "encoder"))))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {b.Set} | {stage} | {b.Rows} | {b.Prior:P0} | {b.LikelyFalse:P2} | {b.MeanFalseProbability:F4} |");
        }

        return text.ToString().ReplaceLineEndings("\n");
    }
}

/// <summary>One head on one set.</summary>
public sealed record HeadEvaluation
{
    /// <summary>Name of the head.</summary>
    public required string Head { get; init; }

    /// <summary>BCP 47.</summary>
    public required string Language { get; init; }

    /// <summary>Labelled set.</summary>
    public required string Set { get; init; }

    /// <summary>What the split is.</summary>
    public required string Split { get; init; }

    /// <summary>Rows reported on.</summary>
    public required int Rows { get; init; }

    /// <summary>Rows left out because the model was trained on them.</summary>
    public required int Seen { get; init; }

    /// <summary>Share of each label among the rows.</summary>
    public required IReadOnlyDictionary<string, double> Shares { get; init; }

    /// <summary>Mean over labels of F1. Yes-or-no heads decide at 0.5 with the set's own share given as prior.</summary>
    public required double MacroF1 { get; init; }

    /// <summary>Lower end of its interval.</summary>
    public required double MacroF1Low { get; init; }

    /// <summary>Upper end of its interval.</summary>
    public required double MacroF1High { get; init; }

    /// <summary>F1 per label.</summary>
    public required IReadOnlyDictionary<string, double> F1 { get; init; }

    /// <summary>Share of rows decided right.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Mean over labels of recall.</summary>
    public required double MacroRecall { get; init; }

    /// <summary>Area under the ROC curve, yes-or-no heads only.</summary>
    public double? Auc { get; init; }

    /// <summary>Expected calibration error over ten bins: of the probability of yes, or of the most probable label.</summary>
    public required double CalibrationError { get; init; }

    /// <summary>By how much the figure that rounding the weights to bytes moves most (macro-F1, accuracy, macro-recall, AUC) is moved; null where the unrounded weights are not at hand.</summary>
    public double? RoundingMoves { get; init; }

    /// <summary>The curve behind it.</summary>
    public IReadOnlyList<ReliabilityBin> Reliability { get; init; } = [];
}

/// <summary>Texts that are not known to be false, at a prior.</summary>
public sealed record BaseRateCheck
{
    /// <summary>What they are.</summary>
    public required string Set { get; init; }

    /// <summary>How many.</summary>
    public required int Rows { get; init; }

    /// <summary>Share of false content assumed.</summary>
    public required double Prior { get; init; }

    /// <summary>Share of rows that come out likely-false.</summary>
    public required double LikelyFalse { get; init; }

    /// <summary>Mean false probability.</summary>
    public required double MeanFalseProbability { get; init; }
}

/// <summary>JSON of evaluations.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n", DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Evaluation))]
internal sealed partial class EvaluationJson : JsonSerializerContext;
