using RiskWatch.Classification.Encoders;
using RiskWatch.Classification.Models;

namespace RiskWatch.Classification.Training;

/// <summary>The encoders of a folder, opened for training, with the vectors known so far.</summary>
internal sealed class EncoderTraining : IDisposable
{
    private readonly List<(SentenceEncoder Encoder, VectorStore Vectors)> _encoders;

    private EncoderTraining(string folder, List<(SentenceEncoder Encoder, VectorStore Vectors)> encoders)
    {
        Folder = folder;
        _encoders = encoders;
    }

    /// <summary>Where the encoders lie.</summary>
    public string Folder { get; }

    /// <summary>Languages that have an encoder.</summary>
    public IEnumerable<string> Languages => _encoders.Select(e => e.Encoder.Language);

    /// <summary>Opens the encoders of a folder; null where it has none.</summary>
    public static EncoderTraining? Open(string folder, string? workFolder, IEnumerable<string> languages)
    {
        var encoders = languages.Select(l => SentenceEncoder.Load(folder, l)).OfType<SentenceEncoder>().Select(e => (e, new VectorStore(e, workFolder))).ToList();
        return encoders.Count == 0 ? null : new EncoderTraining(folder, encoders);
    }

    /// <summary>Sees to it that the vectors of texts are at hand.</summary>
    public void Encode(string language, IReadOnlyCollection<string> texts, IProgress<string>? progress, CancellationToken cancel) =>
        _encoders.First(e => e.Encoder.Language == language).Vectors.Add(texts, progress, cancel);

    /// <summary>Gives the vectors of texts that were encoded.</summary>
    public Func<string, float[]> VectorsOf(string language) => _encoders.First(e => e.Encoder.Language == language).Vectors.Of;

    /// <summary>Second heads trained on the rows before each split, or on all; the vectors of the rows after it are at hand then.</summary>
    public EncoderHeads Fit(HeadFitter fitter, IReadOnlyList<HeadData> data, bool all, FastModel fast, IProgress<string>? progress, CancellationToken cancel)
    {
        var fitted = EncoderTrainer.Train(fitter, data, all, fast, _encoders, progress, cancel);
        foreach (var (encoder, vectors) in _encoders)
        {
            vectors.Add([.. data.Where(d => !all && d.Recipe.Language == encoder.Language && d.Recipe.Second is not null).SelectMany(d => d.Sets).SelectMany(s => s.Rows.Skip(s.ReportFrom)).Select(r => r.Text)], progress, cancel);
        }

        return fitted;
    }

    /// <summary>Second heads put over a fast model, as a stage and as a file.</summary>
    public (EncoderModel Model, byte[] File) Put(EncoderHeads heads, FastModel fast)
    {
        var own = heads with { Header = heads.Header with { FastVersion = fast.Version } };
        var model = EncoderModel.Build(
            EncoderModel.HeadsFile, "new", own, fast,
            language => _encoders.First(e => e.Encoder.Language == language).Encoder,
            language => _encoders.First(e => e.Encoder.Language == language).Vectors.ToCache());
        return (model, EncoderFile.Write(own));
    }

    public void Dispose()
    {
        foreach (var (encoder, vectors) in _encoders)
        {
            vectors.Dispose();
            encoder.Dispose();
        }
    }
}
