using RiskWatch.Contracts;

namespace RiskWatch.Classification.Models;

/// <summary>
/// The compiled heads of the fast stage: false information, sentiment, relevance (zh, en) and department (zh). Thread-safe; scoring reads the text
/// once, allocates nothing and never throws for any text. Use: <c>var model = FastModel.Load(FastModel.DefaultPath);
/// model.Score(text, LanguageIdentifier.Identify(text), out var scores); var credibility = model.Credibility(scores, site.Prior);</c>
/// </summary>
public sealed class FastModel
{
    private readonly FastFamily[] _families;
    private readonly ModelHeader _header;

    internal FastModel(string version, ModelHeader header, FastFamily[] families)
    {
        Version = version;
        _header = header;
        _families = families;
        Departments = families.SelectMany(f => f.Header.Heads).FirstOrDefault(h => h.Name == HeadNames.Department)?.Labels ?? [];
    }

    /// <summary>Where the host's own model lies, next to the executable.</summary>
    public static string DefaultPath => Path.Combine(AppContext.BaseDirectory, "Model", "model.bin");

    /// <summary>Version: format and the first digits of the file's SHA-256.</summary>
    public string Version { get; }

    /// <summary>Names of the departments, in the order of <see cref="FastScores.Department"/>.</summary>
    public IReadOnlyList<string> Departments { get; }

    internal ModelHeader Header => _header;

    /// <summary>Reads a model file. Throws <see cref="ModelFileException"/>, which names it, where it is missing, cut short, damaged or of another version.</summary>
    public static FastModel Load(string path) => ModelFile.Read(path);

    /// <summary>Whether heads for the language exist.</summary>
    public bool Knows(string language) => Family(language) is not null;

    /// <summary>Scores a text. <paramref name="language"/> is BCP 47 ("zh", "zh-Hant", "en" …); other languages are not scored.</summary>
    public void Score(ReadOnlySpan<char> text, string language, out FastScores scores)
    {
        scores = new FastScores { Neutral = 1, Department = -1, Relevance = 0.5f, Claim = 1 };
        if (Family(language) is not { } family)
        {
            return;
        }

        var scratch = ScoringScratch.Current;
        var features = scratch.Features(text);
        if (!features.IsEmpty)
        {
            family.Table.Score(features, scratch);
            family.Read(scratch.Scores, features.Length, ref scores);
        }
    }

    /// <summary>False probability at the share of false content to expect (a site's prior, 0–1), and its band. Not scored: the prior itself, uncertain.</summary>
    public Credibility Credibility(in FastScores scores, double prior)
    {
        var probability = scores.FalseProbability(prior);
        return new Credibility(probability, scores.Scored ? Band(probability) : CredibilityBand.Uncertain);
    }

    /// <summary>Band of a false probability by the model's thresholds.</summary>
    public CredibilityBand Band(double falseProbability) =>
        falseProbability >= _header.LikelyFalseFrom ? CredibilityBand.LikelyFalse
        : falseProbability < _header.CredibleBelow ? CredibilityBand.Credible : CredibilityBand.Uncertain;

    internal FastFamily? Family(string language)
    {
        foreach (var family in _families)
        {
            if (Covers(family.Header.Language, language))
            {
                return family;
            }
        }

        return null;
    }

    /// <summary>Whether what is made for one language serves a tag: "zh" serves "zh" and "zh-Hant".</summary>
    internal static bool Covers(string own, string language) =>
        language.StartsWith(own, StringComparison.OrdinalIgnoreCase) && (language.Length == own.Length || language[own.Length] == '-');
}
