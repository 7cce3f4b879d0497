using RiskWatch.Classification.Models;
using RiskWatch.Core.Text;

namespace RiskWatch.Classification.Encoders;

/// <summary>How a text came to the encoder's scores, or why not.</summary>
internal enum EncoderOutcome
{
    /// <summary>No encoder for the language, or nothing to read.</summary>
    None,

    /// <summary>The encoder ran.</summary>
    Encoded,

    /// <summary>The vector was still held.</summary>
    Cached,

    /// <summary>The budget did not allow it.</summary>
    Shed,
}

/// <summary>
/// The encoder stage: sentence encoders with second heads, which read a text's vector and the fast scores of the same head. Thread-safe, never throws for any text.
/// Scores are a function of the text alone.
/// </summary>
internal sealed class EncoderModel : IDisposable
{
    /// <summary>Name of the file of the second heads in a folder of encoders.</summary>
    public const string HeadsFile = "heads.bin";

    private readonly EncoderFamily[] _families;
    private readonly FastModel _fast;

    private EncoderModel(string version, FastModel fast, EncoderFamily[] families)
    {
        Version = version;
        _fast = fast;
        _families = families;
    }

    /// <summary>Where the encoders that come with RiskWatch lie, next to the executable.</summary>
    public static string DefaultFolder => Path.Combine(AppContext.BaseDirectory, "Model", "encoders");

    /// <summary>Version: format and the first digits of the SHA-256 of the second heads.</summary>
    public string Version { get; }

    /// <summary>Reads a folder of encoders; null where it has no second heads, or none for this fast model.</summary>
    /// <exception cref="ModelFileException">A file is damaged, of another version, or does not fit the others.</exception>
    /// <param name="folder">Folder of the second heads.</param>
    /// <param name="fast">The fast heads whose scores they read.</param>
    /// <param name="mostVectors">Vectors kept per language.</param>
    /// <param name="encoders">Folder of the encoders, null: the same.</param>
    public static EncoderModel? Load(string folder, FastModel fast, int mostVectors, string? encoders = null)
    {
        var path = Path.Combine(folder, HeadsFile);
        if (!File.Exists(path))
        {
            return null;
        }

        var (version, heads) = EncoderFile.Parse(path, ModelEnvelope.Read(path));
        return heads.Header.FastVersion == fast.Version ? Build(path, version, heads, fast, language => SentenceEncoder.Load(encoders ?? folder, language), _ => new VectorCache(mostVectors)) : null;
    }

    /// <summary>Puts heads and encoders together.</summary>
    public static EncoderModel Build(string path, string version, EncoderHeads heads, FastModel fast, Func<string, SentenceEncoder?> encoders, Func<string, VectorCache> caches)
    {
        var families = new List<EncoderFamily>();
        var (at, set) = (0, 0);
        foreach (var family in heads.Header.Families)
        {
            var outputs = family.Heads.Sum(h => h.Outputs);
            if (encoders(family.Language) is not { } encoder)
            {
                throw new ModelFileException(path, $"needs {family.Language}.onnx beside it");
            }

            if (encoder.Hash != family.Encoder)
            {
                throw new ModelFileException(path, $"was trained with another encoder than '{encoder.Path}'");
            }

            families.Add(new EncoderFamily(family, [.. heads.Weights.Skip(at).Take(outputs)], [.. heads.Neighbours.Skip(set).Take(family.Neighbours.Count)], encoder, caches(family.Language)));
            at += outputs;
            set += family.Neighbours.Count;
        }

        return new EncoderModel(version, fast, [.. families]);
    }

    /// <summary>Whether there is an encoder for the language.</summary>
    public bool Knows(string language) => Family(language) is not null;

    /// <summary>Replaces in the fast scores what the second heads say of the text, if the budget allows it or the vector is still held.</summary>
    public EncoderOutcome Score(ReadOnlySpan<char> text, string language, EncoderBudget budget, ref FastScores scores) => Score(text, language, budget, ref scores, out _);

    /// <summary>The same, and the text's vector, null where there is none.</summary>
    public EncoderOutcome Score(ReadOnlySpan<char> text, string language, EncoderBudget budget, ref FastScores scores, out float[]? vector)
    {
        vector = null;
        if (!scores.Scored || Family(language) is not { } family || _fast.Family(language) is not { } fast)
        {
            return EncoderOutcome.None;
        }

        var outcome = family.Vector(SentenceEncoder.Fold(text), budget, out vector);
        if (vector is not null)
        {
            var scratch = ScoringScratch.Current;
            var features = scratch.Features(text);
            fast.Table.Score(features, scratch);
            family.Read(vector, fast, scratch.Scores, features.Length, ref scores);
        }

        return outcome;
    }

    /// <summary>Vector of a text whatever the budget; null where its language has no encoder.</summary>
    public float[]? Encode(string text, string language)
    {
        if (Family(language) is not { } family)
        {
            return null;
        }

        family.Vector(SentenceEncoder.Fold(text), EncoderBudget.Unlimited, out var vector);
        return vector;
    }

    /// <summary>The labelled texts of a head that lie nearest to a text, nearest first; none where there is no encoder or no such head.</summary>
    public IReadOnlyList<ExplainedNeighbour> Nearest(string text, string language, string head) =>
        Encode(text, language) is { } vector ? Family(language)!.Nearest(vector, head) : [];

    public void Dispose()
    {
        foreach (var family in _families)
        {
            family.Dispose();
        }
    }

    private EncoderFamily? Family(string language)
    {
        foreach (var family in _families)
        {
            if (FastModel.Covers(family.Language, language))
            {
                return family;
            }
        }

        return null;
    }
}
