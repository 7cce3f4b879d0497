using System.CommandLine;
using RiskWatch.Classification.Models;
using RiskWatch.Classification.Training;

namespace RiskWatch.Server.Commands;

/// <summary><c>train</c> and <c>evaluate</c>: the heads from labelled data, and how good they are on later rows.</summary>
internal static class ModelCommands
{
    private static readonly Option<DirectoryInfo> Data = new("--labelled") { Description = "Folder with the labelled sets", DefaultValueFactory = _ => new DirectoryInfo(Path.Combine("..", "shared", "data")), HelpName = "DIR" };
    private static readonly Option<DirectoryInfo> Out = new("--out") { Description = "Folder for model.bin, MODEL.md and evaluation.json", DefaultValueFactory = _ => new DirectoryInfo(Path.Combine("services", "RiskWatch.Classification", "Model")), HelpName = "DIR" };
    private static readonly Option<FileInfo?> Model = new("--model") { Description = "A model file; default: the one that comes with RiskWatch", HelpName = "FILE" };
    private static readonly Option<bool> Json = new("--json") { Description = "JSON instead of a table" };

    public static Command Train()
    {
        var command = new Command("train", "Trains the heads with ML.NET from labelled data, split by time, and writes model, card and evaluation") { Data, Out };
        command.SetAction((parse, cancel) => Task.Run(
            () =>
            {
                var result = Trainer.Train(Folder(parse), parse.GetValue(Out)!.FullName, new Progress(), cancel);
                Console.Out.WriteLine(result.Evaluation.ToTable());
                Console.Error.WriteLine($"Model {result.Version}, {result.Bytes / 1024.0 / 1024.0:F1} MiB, written to {parse.GetValue(Out)}.");
                return 0;
            },
            cancel));
        return command;
    }

    public static Command Evaluate()
    {
        var command = new Command("evaluate", "Measures a model on rows that are later than its training rows") { Data, Model, Json };
        command.SetAction((parse, cancel) => Task.Run(
            () =>
            {
                var model = FastModel.Load(parse.GetValue(Model)?.FullName ?? FastModel.DefaultPath);
                var evaluation = Evaluator.Evaluate(Folder(parse), model, new Progress(), cancel);
                Console.Out.WriteLine(parse.GetValue(Json) ? evaluation.ToJson() : evaluation.ToTable());
                return 0;
            },
            cancel));
        return command;
    }

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
