using RiskWatch.Classification.Encoders;
using RiskWatch.Classification.Models;

namespace RiskWatch.Classification.Training;

/// <summary>Trains the fast heads with ML.NET and writes the compiled model, its evaluation and its card.</summary>
public static class Trainer
{
    private const double CredibleBelow = 0.2;
    private const double LikelyFalseFrom = 0.5;

    /// <summary>
    /// Trains twice: on the rows before each split, which gives the reported figures, and on all rows, which gives the model. Writes
    /// <c>model.bin</c>, <c>evaluation.json</c>, <c>calibration.svg</c> and <c>MODEL.md</c>, and <c>encoders/heads.bin</c> where there are encoders; the same data gives the same bytes each time.
    /// </summary>
    /// <param name="dataFolder">Laid out as <c>shared/data</c>; null: none, own labels alone.</param>
    /// <param name="outputFolder">Made if need be.</param>
    /// <param name="encoderFolder">Folder of encoders, null: the fast heads alone.</param>
    /// <param name="workFolder">Where fits and vectors are kept, for a training that goes on or follows; null: nowhere.</param>
    /// <param name="teach">Files of texts that the encoder stage teaches the fast heads with, null: none.</param>
    /// <param name="labels">File of own labels (<see cref="OwnLabels"/>), null: none.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancel">Stops it; nothing is written then.</param>
    public static TrainingResult Train(string? dataFolder, string outputFolder, string? encoderFolder = null, string? workFolder = null, IReadOnlyList<string>? teach = null, string? labels = null, IProgress<string>? progress = null, CancellationToken cancel = default)
    {
        IReadOnlyList<HeadData> data = dataFolder is null ? [] : Read(dataFolder, progress, cancel);
        data = labels is null ? data : OwnLabels.Add(data, labels);
        using var training = encoderFolder is null ? null : EncoderTraining.Open(encoderFolder, workFolder, HeadCatalogue.Languages);
        var procedure = new Procedure(new HeadFitter(workFolder), training, teach is { Count: > 0 } ? new Teaching(teach) : null);
        var evaluation = Evaluator.Evaluate(dataFolder, data, procedure.Run(data, all: false, progress, cancel).Models, Evaluator.ProcedureName, progress);
        var (models, file, heads, trained) = procedure.Run(data, all: true, progress, cancel);
        cancel.ThrowIfCancellationRequested();
        progress?.Report("writing");
        Directory.CreateDirectory(outputFolder);
        File.WriteAllBytes(Path.Combine(outputFolder, "model.bin"), file);
        if (heads is not null)
        {
            Directory.CreateDirectory(Path.Combine(outputFolder, "encoders"));
            File.WriteAllBytes(Path.Combine(outputFolder, "encoders", EncoderModel.HeadsFile), heads);
        }

        File.WriteAllText(Path.Combine(outputFolder, "evaluation.json"), evaluation.ToJson() + "\n");
        File.WriteAllText(Path.Combine(outputFolder, "calibration.svg"), CalibrationChart.Svg(evaluation));
        File.WriteAllText(Path.Combine(outputFolder, "MODEL.md"), ModelCard.Write(models.Fast, trained, evaluation, file.Length, training));
        return new TrainingResult(models.Fast.Version, file.Length, evaluation);
    }

    internal static List<HeadData> Read(string dataFolder, IProgress<string>? progress, CancellationToken cancel)
    {
        if (!Directory.Exists(dataFolder))
        {
            throw new DirectoryNotFoundException($"The data folder '{dataFolder}' does not exist.");
        }

        var data = new List<HeadData>();
        foreach (var read in HeadCatalogue.All(dataFolder))
        {
            cancel.ThrowIfCancellationRequested();
            progress?.Report($"reading {data.Count + 1} of {HeadCatalogue.All(dataFolder).Count()}");
            data.Add(read());
        }

        return data;
    }

    internal static List<TrainedHead> Fit(HeadFitter fitter, IReadOnlyList<HeadData> data, bool all, IProgress<string>? progress, CancellationToken cancel)
    {
        var heads = new List<TrainedHead>();
        foreach (var head in data)
        {
            progress?.Report($"training {head.Recipe.Language} {head.Recipe.Name} {(all ? "on all rows" : "on earlier rows")}");
            heads.Add(TrainedHead.Train(fitter, head, all, cancel));
        }

        return heads;
    }

    internal static (FastModel Model, byte[] File, FastModel Unrounded) Build(IReadOnlyList<TrainedHead> heads)
    {
        var columns = new List<IReadOnlyList<sbyte[]>>();
        var families = new List<FamilyHeader>();
        var unrounded = new List<FastFamily>();
        foreach (var language in HeadCatalogue.Languages)
        {
            var own = heads.Where(h => h.Recipe.Language == language).ToList();
            if (own.Count == 0)
            {
                continue;
            }

            var scales = new List<float>();
            columns.Add([.. own.SelectMany(h => h.Fit.Weights).Select(w =>
            {
                var column = HeadTable.Quantise(w, out var scale);
                scales.Add(scale);
                return column;
            })]);
            families.Add(new FamilyHeader
            {
                Language = language,
                Heads = [.. own.Select(h => h.Header())],
                Scales = scales,
            });
            unrounded.Add(new FastFamily(families[^1], HeadTable.FromWeights([.. own.SelectMany(h => h.Fit.Weights)])));
        }

        var header = new ModelHeader { CredibleBelow = CredibleBelow, LikelyFalseFrom = LikelyFalseFrom, Families = families };
        var file = ModelFile.Write(header, columns);
        return (ModelFile.Parse("new model", file), file, new FastModel("unrounded", header, [.. unrounded]));
    }
}

/// <summary>What training made.</summary>
/// <param name="Version">Version of the model.</param>
/// <param name="Bytes">Size of the model file.</param>
/// <param name="Evaluation">Figures on later rows.</param>
public sealed record TrainingResult(string Version, int Bytes, Evaluation Evaluation);
