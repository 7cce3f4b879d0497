using System.Diagnostics;
using RiskWatch.Classification.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RiskWatch.EncoderTuning;

/// <summary>
/// Trains all tasks of a language together, each with a linear head of its own over <c>[CLS]</c> and mean, by AdamW (Loshchilov and Hutter 2019) with a linear rise and fall of the
/// rate. The mean stays near what it was, for claims are compared by it.
/// </summary>
internal sealed class Tuner(BertEncoder encoder, IReadOnlyList<TuningTask> tasks, TuningSettings settings, Action<string> report)
{
    private const double RisingShare = 0.06;
    private const double Dropout = 0.1;
    private const double Decay = 0.01;
    private const double HeadRate = 1e-3;
    private const int ReportEvery = 50;

    // Batches are cut out of so many rows sorted by length, so that little of a batch is padding.
    private const int BatchesSorted = 20;

    private readonly List<(Parameter Weights, Parameter Bias)> _heads =
        [.. tasks.Select(t => (new Parameter(zeros(2 * encoder.Width, t.Labels)), new Parameter(zeros(t.Labels))))];

    /// <summary>Runs all epochs and reports macro-F1 of each task's later rows after each.</summary>
    public void Run()
    {
        random.manual_seed(settings.Seed);
        var chance = new Random(settings.Seed);
        Remember();
        using var matrices = optim.AdamW(encoder.Matrices, weight_decay: Decay);
        using var vectors = optim.AdamW(encoder.Vectors, weight_decay: 0);
        using var heads = optim.AdamW(_heads.SelectMany(h => new[] { h.Weights, h.Bias }), weight_decay: Decay);
        var steps = settings.Epochs * Batches(new Random(settings.Seed)).Count;
        var (step, loss, watch) = (0, 0.0, Stopwatch.StartNew());
        for (var epoch = 1; epoch <= settings.Epochs; epoch++)
        {
            foreach (var (task, rows) in Batches(chance))
            {
                var rate = Math.Min((step + 1) / (steps * RisingShare), (steps - step) / (steps * (1 - RisingShare)));
                SetRate(matrices, settings.Rate * rate);
                SetRate(vectors, settings.Rate * rate);
                SetRate(heads, HeadRate * rate);
                loss += Step(task, rows, matrices, vectors, heads);
                if (++step % ReportEvery == 0)
                {
                    report($"step {step} of {steps}: loss {loss / ReportEvery:F3}, {watch.Elapsed.TotalSeconds / step:F2} s a step");
                    loss = 0;
                }
            }

            report($"after epoch {epoch}: {string.Join(", ", tasks.Select((t, i) => $"{t.Name} {Score(i):F3}"))}");
        }
    }

    private static void SetRate(optim.Optimizer optimizer, double rate)
    {
        foreach (var group in optimizer.ParamGroups)
        {
            group.LearningRate = rate;
        }
    }

    private static (Tensor Ids, Tensor Mask) Padded(IReadOnlyList<TuningRow> rows)
    {
        var length = rows.Max(r => r.Ids.Length);
        var (ids, mask) = (new long[rows.Count * length], new long[rows.Count * length]);
        for (var i = 0; i < rows.Count; i++)
        {
            rows[i].Ids.CopyTo(ids, i * length);
            mask.AsSpan(i * length, rows[i].Ids.Length).Fill(1);
        }

        return (tensor(ids, [rows.Count, length]), tensor(mask, [rows.Count, length]));
    }

    // A batch is of one task; a text that several tasks have comes once for each.
    private List<(int Task, List<TuningRow> Rows)> Batches(Random chance)
    {
        var batches = new List<(int, List<TuningRow>)>();
        for (var t = 0; t < tasks.Count; t++)
        {
            var rows = tasks[t].Train.ToArray();
            chance.Shuffle(rows);
            batches.AddRange(rows.Chunk(settings.Batch * BatchesSorted).SelectMany(c => c.OrderBy(r => r.Ids.Length).Chunk(settings.Batch)).Select(b => (t, b.ToList())));
        }

        var order = batches.ToArray();
        chance.Shuffle(order);
        return [.. order];
    }

    // The means of the encoder as it came.
    private void Remember()
    {
        using var none = no_grad();
        foreach (var rows in tasks.SelectMany(t => t.Train).OrderBy(r => r.Ids.Length).Chunk(settings.Batch))
        {
            using var scope = NewDisposeScope();
            var (ids, mask) = Padded(rows);
            var mean = encoder.Encode(ids, mask, 0).Mean.data<float>().ToArray();
            for (var i = 0; i < rows.Length; i++)
            {
                rows[i].Before = mean[(i * encoder.Width)..((i + 1) * encoder.Width)];
            }
        }
    }

    private double Step(int task, List<TuningRow> rows, params optim.Optimizer[] optimizers)
    {
        using var scope = NewDisposeScope();
        var (ids, mask) = Padded(rows);
        var (first, mean) = encoder.Encode(ids, mask, Dropout);
        var weights = tensor(rows.ConvertAll(r => r.Weight));
        var each = nn.functional.cross_entropy(Logits(task, first, mean), tensor(rows.ConvertAll(r => (long)r.Label)), reduction: nn.Reduction.None);
        var before = tensor([.. rows.SelectMany(r => r.Before!)], [rows.Count, encoder.Width]);
        var loss = ((each * weights).sum() / weights.sum()) + (settings.Keep * (1 - (mean * before).sum(1)).mean());
        foreach (var optimizer in optimizers)
        {
            optimizer.zero_grad();
        }

        loss.backward();
        nn.utils.clip_grad_norm_(encoder.Matrices.Concat(encoder.Vectors), 1);
        foreach (var optimizer in optimizers)
        {
            optimizer.step();
        }

        return loss.item<float>();
    }

    // Vectors of length 1 are stretched, so that a head need not grow.
    private Tensor Logits(int task, Tensor first, Tensor mean) =>
        matmul(cat([first, mean], 1) * Math.Sqrt(encoder.Width), _heads[task].Weights) + _heads[task].Bias;

    private double Score(int task)
    {
        using var none = no_grad();
        var (found, labels) = (new List<int>(), new List<int>());
        foreach (var rows in tasks[task].Check.OrderBy(r => r.Ids.Length).Chunk(settings.Batch))
        {
            using var scope = NewDisposeScope();
            var (ids, mask) = Padded(rows);
            var (first, mean) = encoder.Encode(ids, mask, 0);
            found.AddRange(Logits(task, first, mean).argmax(1).data<long>().Select(l => (int)l));
            labels.AddRange(rows.Select(r => r.Label));
        }

        return Metrics.F1([.. found], [.. labels], tasks[task].Labels).Average();
    }
}

/// <summary>How an encoder is tuned.</summary>
/// <param name="Epochs">Passes over the rows.</param>
/// <param name="Batch">Texts a step.</param>
/// <param name="Rate">Highest learning rate of the encoder.</param>
/// <param name="Keep">What a mean's way from where it was costs beside a label's loss.</param>
/// <param name="Seed">Seed of order, dropout and nothing else.</param>
internal sealed record TuningSettings(int Epochs, int Batch, double Rate, double Keep, int Seed);
