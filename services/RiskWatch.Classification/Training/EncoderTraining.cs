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

    /// <summary>Second heads over a fast model: what they are, and as a file.</summary>
    public (EncoderHeader Header, List<float[]> Weights, byte[] File) Fit(HeadFitter fitter, IReadOnlyList<HeadData> data, bool all, FastModel fast, IProgress<string>? progress, CancellationToken cancel)
    {
        var (header, weights) = EncoderTrainer.Train(fitter, data, all, fast, _encoders, progress, cancel);
        return (header, weights, EncoderFile.Write(header, weights));
    }

    /// <summary>The stage trained on the rows before each split, with the vectors of the rows after it at hand.</summary>
    public EncoderModel Model(HeadFitter fitter, IReadOnlyList<HeadData> data, FastModel fast, IProgress<string>? progress, CancellationToken cancel)
    {
        var (header, weights, _) = Fit(fitter, data, all: false, fast, progress, cancel);
        foreach (var (encoder, vectors) in _encoders)
        {
            vectors.Add([.. data.Where(d => d.Recipe.Language == encoder.Language && d.Recipe.Second is not null).SelectMany(d => d.Sets).SelectMany(s => s.Rows.Skip(s.ReportFrom)).Select(r => r.Text)], progress, cancel);
        }

        return EncoderModel.Build(
            EncoderModel.HeadsFile, "earlier", header, weights, fast,
            language => _encoders.First(e => e.Encoder.Language == language).Encoder,
            language => _encoders.First(e => e.Encoder.Language == language).Vectors.ToCache());
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
