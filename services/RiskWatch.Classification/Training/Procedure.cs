using RiskWatch.Classification.Models;

namespace RiskWatch.Classification.Training;

/// <summary>
/// How models come out of labelled data: fast heads, second heads over them, and, where texts to teach with are given, the fast heads once more. The second heads
/// stay those of before: trained over taught fast heads they would take their own labels for news, and scored 1.5 points less on COVID posts.
/// </summary>
internal sealed class Procedure(HeadFitter fitter, EncoderTraining? training, Teaching? teaching)
{
    /// <summary>Runs it on the rows before each split, or on all; gives the models, their files and the data that they were trained on.</summary>
    public (StageModels Models, byte[] Fast, byte[]? Heads, IReadOnlyList<HeadData> Data) Run(IReadOnlyList<HeadData> data, bool all, IProgress<string>? progress, CancellationToken cancel)
    {
        if (training is null)
        {
            var (alone, bytes, exact) = Fast(data, all, progress, cancel);
            return (new StageModels(alone, null) { Unrounded = exact }, bytes, null, data);
        }

        teaching?.Prepare(data, training, progress, cancel);
        var (fast, file, unrounded) = Fast(data, all, progress, cancel);
        var second = training.Fit(fitter, data, all, fast, progress, cancel);
        if (teaching is not null)
        {
            data = teaching.Teach(data, new StageModels(fast, training.Put(second, fast).Model), progress);
            (fast, file, unrounded) = Fast(data, all, progress, cancel);
        }

        var (encoder, heads) = training.Put(second, fast);
        return (new StageModels(fast, encoder) { Unrounded = unrounded }, file, heads, data);
    }

    private (FastModel Model, byte[] File, FastModel Unrounded) Fast(IReadOnlyList<HeadData> data, bool all, IProgress<string>? progress, CancellationToken cancel) =>
        Trainer.Build(Trainer.Fit(fitter, data, all, progress, cancel));
}
