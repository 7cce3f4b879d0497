using System.Diagnostics;
using System.Text;
using System.Text.Json.Serialization;
using Microsoft.ML;
using RiskWatch.Classification.Models;

namespace RiskWatch.Classification.Training;

/// <summary>How fast texts are scored on one core: the compiled heads, the same number of ML.NET outputs by PredictionEngine, and fastText where installed.</summary>
public sealed record ScoringRates
{
    /// <summary>Compiled heads, all of the language together, texts a second on one thread.</summary>
    public required double RecordsPerSecond { get; init; }

    /// <summary>ML.NET's PredictionEngine for as many outputs, features extracted once per text.</summary>
    public required double PredictionEngineRecordsPerSecond { get; init; }

    /// <summary>fastText for one head alone (character 1–3-grams, 100 dimensions), loading not counted; null where it is not installed.</summary>
    public double? FastTextRecordsPerSecond { get; init; }

    /// <summary>Mean length of the texts, characters.</summary>
    public required double MeanLength { get; init; }

    /// <summary>Median length.</summary>
    public required int MedianLength { get; init; }

    /// <summary>Length that nine in ten do not exceed.</summary>
    public required int P90Length { get; init; }

    /// <summary>Number of texts.</summary>
    public required int Texts { get; init; }

    /// <summary>Outputs scored per text.</summary>
    public required int Outputs { get; init; }
}

/// <summary>Measures <see cref="ScoringRates"/>.</summary>
public static class ScoringBenchmark
{
    private const int WarmUpTexts = 2000;
    private const int MostTexts = 20_000;

    /// <summary>
    /// Measures on real Weibo posts of the data folder (repeated to 20,000 texts for fastText), or on generated ones without it.
    /// <paramref name="duration"/> is spent on each of the two in-process ways.
    /// </summary>
    public static ScoringRates Run(FastModel model, string? dataFolder, TimeSpan duration, TimeProvider clock, IProgress<string>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(clock);
        var rows = Posts(dataFolder);
        var texts = rows.Select(r => r.Text).ToArray();
        var lengths = texts.Select(t => t.Length).Order().ToArray();
        progress?.Report("compiled heads");
        var compiled = Rate(texts, duration, clock, text => model.Score(text, "zh", out _), cancel);
        progress?.Report("PredictionEngine");
        var engine = PredictionEngineRate(rows, model.Family("zh")!.Table.Outputs, duration, clock, cancel);
        progress?.Report("fastText");
        return new ScoringRates
        {
            RecordsPerSecond = compiled,
            PredictionEngineRecordsPerSecond = engine,
            FastTextRecordsPerSecond = FastTextRate(rows, clock, cancel),
            MeanLength = Math.Round(lengths.Average(), 1),
            MedianLength = lengths[lengths.Length / 2],
            P90Length = lengths[(int)(lengths.Length * 0.9)],
            Texts = texts.Length,
            Outputs = model.Family("zh")!.Table.Outputs,
        };
    }

    private static List<LabelledText> Posts(string? dataFolder)
    {
        if (dataFolder is not null && Directory.Exists(dataFolder))
        {
            return LabelledSets.ChineseRumours(dataFolder);
        }

        var random = new Random(1);
        return [.. Enumerable.Range(0, 2000).Select(i => new LabelledText(
            string.Concat(Enumerable.Range(0, 40 + random.Next(140)).Select(_ => (char)(0x4E00 + (int)(3000 * random.NextDouble() * random.NextDouble())))), i & 1, i))];
    }

    private static double Rate(string[] texts, TimeSpan duration, TimeProvider clock, Action<string> score, CancellationToken cancel)
    {
        for (var i = 0; i < WarmUpTexts; i++)
        {
            score(texts[i % texts.Length]);
        }

        var scored = 0L;
        var start = clock.GetTimestamp();
        TimeSpan elapsed;
        do
        {
            cancel.ThrowIfCancellationRequested();
            for (var i = 0; i < texts.Length; i++)
            {
                score(texts[i]);
            }

            scored += texts.Length;
            elapsed = clock.GetElapsedTime(start);
        }
        while (elapsed < duration);
        return Math.Round(scored / elapsed.TotalSeconds);
    }

    private static double PredictionEngineRate(List<LabelledText> rows, int outputs, TimeSpan duration, TimeProvider clock, CancellationToken cancel)
    {
        // The weights do not matter for the rate: one small fit stands for every output.
        var ml = new MLContext(1);
        var recipe = new HeadRecipe(HeadNames.FalseInformation, "zh", ["true", "false"], 1, 0);
        var fit = LinearFit.Fit(recipe, [.. rows.Take(400)], cancel);
        var engines = Enumerable.Range(0, outputs)
            .Select(_ => ml.Model.CreatePredictionEngine<MlRow, MlScore>(fit.Models[0], inputSchemaDefinition: MlRow.Schema())).ToArray();
        var score = new MlScore();
        try
        {
            return Rate([.. rows.Select(r => r.Text)], duration, clock, text =>
            {
                var row = new MlRow { Features = SparseText.Of(text).Times(fit.Rarity) };
                foreach (var engine in engines)
                {
                    engine.Predict(row, ref score);
                }
            },
            cancel);
        }
        finally
        {
            Array.ForEach(engines, e => e.Dispose());
        }
    }

    private static double? FastTextRate(List<LabelledText> rows, TimeProvider clock, CancellationToken cancel)
    {
        if ((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(d => Path.Combine(d, "fasttext")).FirstOrDefault(File.Exists) is not { } program)
        {
            return null;
        }

        var folder = Directory.CreateTempSubdirectory("riskwatch-fasttext-");
        try
        {
            var lines = rows.Select(r => r.Text.ReplaceLineEndings(" ")).ToArray();
            var train = Path.Combine(folder.FullName, "train.txt");
            var many = Path.Combine(folder.FullName, "many.txt");
            var one = Path.Combine(folder.FullName, "one.txt");
            File.WriteAllLines(train, rows.Zip(lines, (r, l) => $"__label__{r.Label} {l}"), new UTF8Encoding(false));
            File.WriteAllLines(many, Enumerable.Range(0, MostTexts).Select(i => lines[i % lines.Length]), new UTF8Encoding(false));
            File.WriteAllLines(one, lines.Take(1), new UTF8Encoding(false));
            var model = Path.Combine(folder.FullName, "model");
            Run(program, cancel, "supervised", "-input", train, "-output", model, "-minn", "1", "-maxn", "3", "-bucket", "262144", "-epoch", "1", "-thread", "1", "-verbose", "0");
            double Seconds(string file)
            {
                var start = clock.GetTimestamp();
                Run(program, cancel, "predict-prob", model + ".bin", file);
                return clock.GetElapsedTime(start).TotalSeconds;
            }

            Seconds(one);
            var loading = Seconds(one);
            return Math.Round((MostTexts - 1) / Math.Max(1e-3, Seconds(many) - loading));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Run(string program, CancellationToken cancel, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException($"'{program}' did not start.");
        using var stop = cancel.Register(() => process.Kill());
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        cancel.ThrowIfCancellationRequested();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"'{program} {arguments[0]}' ended with {process.ExitCode}.");
        }
    }
}

/// <summary>JSON of the rates.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ScoringRates))]
public sealed partial class ScoringJson : JsonSerializerContext;
