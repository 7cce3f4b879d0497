using System.CommandLine;
using RiskWatch.Classification.Encoders;
using RiskWatch.Classification.Models;
using RiskWatch.Classification.Training;

namespace RiskWatch.Server.Commands;

/// <summary><c>train</c> and <c>evaluate</c>: the heads from labelled data, and how good they are on later rows.</summary>
internal static class ModelCommands
{
    private static readonly Option<DirectoryInfo> Data = new("--labelled") { Description = "Folder with the labelled sets", DefaultValueFactory = _ => new DirectoryInfo(Path.Combine("..", "shared", "data")), HelpName = "DIR" };
    private static readonly Option<DirectoryInfo> Out = new("--out") { Description = "Folder for model.bin, MODEL.md and evaluation.json", DefaultValueFactory = _ => new DirectoryInfo(Path.Combine("services", "RiskWatch.Classification", "Model")), HelpName = "DIR" };
    private static readonly Option<FileInfo?> Model = new("--model") { Description = "A model file; default: the one that comes with RiskWatch", HelpName = "FILE" };
    private static readonly Option<DirectoryInfo?> Encoders = new("--encoders") { Description = "Folder of the encoders (zh.onnx, zh.vocab.txt, …); default: those that come with RiskWatch", HelpName = "DIR" };
    private static readonly Option<DirectoryInfo?> Work = new("--work") { Description = "Folder that keeps fits and vectors, so that a training that was interrupted goes on, and the next is faster", HelpName = "DIR" };
    private static readonly Option<FileInfo[]> Teach = new("--teach") { Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = true, Description = "Texts that nobody labelled, a line each (of lines with tabs the last field, of JSON objects 'text'): the encoder stage labels them softly, and the fast heads learn from them too", HelpName = "FILE" };
    private static readonly Option<FileInfo?> Labels = new("--labels") { Description = "Own labels to train with, as 'riskwatch labels' writes them: a JSON object a line with text, falseInformation and/or sentiment. Without a folder of labelled sets they are trained on alone", HelpName = "FILE" };
    private static readonly Option<bool> FastOnly = new("--fast-only") { Description = "The fast heads alone, no second heads over the encoder" };
    private static readonly Option<bool> Earlier = new("--procedure") { Description = "Trains on the rows before each split and measures on the rows after it, instead of a model file that has seen them all" };
    private static readonly Option<bool> Budget = new("--budget") { Description = "Accuracy and records/s against the share of records that the encoder reads" };
    private static readonly Option<bool> Disguised = new("--disguises") { Description = "Each fast head on texts written to evade it (full-width, zero-width, spaced, traditional, pinyin, a fifth of the characters altered, …) and without the marks of their source" };
    private static readonly Option<bool> Crowd = new("--doubts") { Description = "How well false Weibo posts are told from true ones as reposts come in: F1 and coverage against the minutes since the post" };
    private static readonly Option<bool> Claims = new("--claims") { Description = "How well checked claims are found again in what people write, and how often an ordinary post is taken for one" };
    private static readonly Option<DirectoryInfo[]> Compare = new("--compare") { Description = "Two folders as 'train --out' writes them: how much better the second is, on rows that neither has seen", Arity = new ArgumentArity(2, 2), AllowMultipleArgumentsPerToken = true, HelpName = "OLD NEW" };
    private static readonly Option<bool> Json = new("--json") { Description = "JSON instead of a table" };

    private const int MostVectors = 8_192;

    public static Command Train()
    {
        var command = new Command("train", "Trains the heads with ML.NET from labelled data, split by time, and writes model, card and evaluation") { Data, Labels, Out, Encoders, Work, Teach, FastOnly };
        command.SetAction((parse, cancel) => Task.Run(
            () =>
            {
                var result = Trainer.Train(parse.GetValue(Labels) is not null && !parse.GetValue(Data)!.Exists ? null : Folder(parse), parse.GetValue(Out)!.FullName, EncoderFolder(parse), parse.GetValue(Work)?.FullName, Taught(parse), Own(parse), new Progress(), cancel);
                Console.Out.WriteLine(result.Evaluation.ToTable());
                Console.Error.WriteLine($"Model {result.Version}, {result.Bytes / 1024.0 / 1024.0:F1} MiB, written to {parse.GetValue(Out)}.");
                return 0;
            },
            cancel));
        return command;
    }

    public static Command Evaluate()
    {
        var command = new Command("evaluate", "Measures a model on rows that are later than its training rows") { Data, Model, Encoders, Work, Teach, FastOnly, Earlier, Budget, Disguised, Crowd, Claims, Compare, Json };
        command.SetAction((parse, cancel) => Task.Run(
            () =>
            {
                if (parse.GetValue(Compare) is [var old, var @new])
                {
                    var comparison = Comparison.Of(Folder(parse), Trained(parse, old), Trained(parse, @new), new Progress(), cancel);
                    return Print(parse, comparison.ToJson, comparison.ToTable);
                }

                using var training = EncoderFolder(parse) is { } folder ? EncoderTraining.Open(folder, parse.GetValue(Work)?.FullName, HeadCatalogue.Languages) : null;
                var procedure = new Procedure(new HeadFitter(parse.GetValue(Work)?.FullName), training, Taught(parse) is { Count: > 0 } teach ? new Teaching(teach) : null);
                var models = parse.GetValue(Earlier) ? null : Models(parse);
                if (parse.GetValue(Budget))
                {
                    var curve = BudgetCurve.Measure(Folder(parse), models, procedure, new Progress(), cancel);
                    return Print(parse, curve.ToJson, curve.ToTable);
                }

                if (parse.GetValue(Disguised))
                {
                    var table = DisguiseTable.Measure(Folder(parse), models, procedure, new Progress(), cancel);
                    return Print(parse, table.ToJson, table.ToTable);
                }

                if (parse.GetValue(Crowd))
                {
                    var curve = DoubtCurve.Measure(Folder(parse), models, procedure, new Progress(), cancel);
                    return Print(parse, curve.ToJson, curve.ToTable);
                }

                if (parse.GetValue(Claims))
                {
                    var table = ClaimTable.Measure(Folder(parse), training ?? throw new UsageException("--claims needs the encoder stage, which --fast-only leaves out."), new Progress(), cancel);
                    return Print(parse, table.ToJson, table.ToTable);
                }

                var evaluation = Evaluator.Evaluate(Folder(parse), models, procedure, new Progress(), cancel);
                return Print(parse, evaluation.ToJson, evaluation.ToTable);
            },
            cancel));
        return command;
    }

    private static int Print(ParseResult parse, Func<string> json, Func<string> table)
    {
        Console.Out.WriteLine(parse.GetValue(Json) ? json() : table());
        return 0;
    }

    private static StageModels Models(ParseResult parse)
    {
        var fast = FastModel.Load(parse.GetValue(Model)?.FullName ?? FastModel.DefaultPath);
        return new StageModels(fast, EncoderFolder(parse) is { } folder ? EncoderModel.Load(folder, fast, MostVectors) : null);
    }

    // What train writes holds second heads without the encoders that they read.
    private static StageModels Trained(ParseResult parse, DirectoryInfo folder)
    {
        var fast = FastModel.Load(Path.Combine(folder.FullName, "model.bin"));
        var heads = Path.Combine(folder.FullName, "encoders");
        return new StageModels(fast, EncoderFolder(parse) is { } encoders ? EncoderModel.Load(heads, fast, MostVectors, encoders) : null);
    }

    private static string? EncoderFolder(ParseResult parse) =>
        parse.GetValue(FastOnly) ? null
        : parse.GetValue(Encoders) is not { } folder ? EncoderModel.DefaultFolder
        : folder.Exists ? folder.FullName : throw new UsageException($"There is no folder {folder}; name the folder with the encoders with --encoders.");

    private static List<string> Taught(ParseResult parse)
    {
        var files = parse.GetValue(Teach) ?? [];
        return files.FirstOrDefault(f => !f.Exists) is { } missing ? throw new UsageException($"There is no file {missing}; name files of texts, a line each, with --teach.")
            : files.Length > 0 && parse.GetValue(FastOnly) ? throw new UsageException("--teach needs the encoder stage, which --fast-only leaves out.") : [.. files.Select(f => f.FullName)];
    }

    private static string? Own(ParseResult parse) =>
        parse.GetValue(Labels) is not { } file ? null : file.Exists ? file.FullName : throw new UsageException($"There is no file {file}; name one with own labels with --labels.");

    private static string Folder(ParseResult parse)
    {
        var folder = parse.GetValue(Data)!;
        return folder.Exists ? folder.FullName : throw new UsageException($"There is no folder {folder}; name the folder with the labelled sets with --labelled.");
    }

    private sealed class Progress : IProgress<string>
    {
        public void Report(string value) => Console.Error.WriteLine(value);
    }
}
