using System.CommandLine;
using System.Globalization;
using RiskWatch.Classification.Encoders;
using RiskWatch.EncoderTuning;

var data = new Option<DirectoryInfo>("--data") { Description = "Folder of labelled sets, laid out as shared/data", Required = true };
var language = new Option<string>("--language") { Description = "zh or en", Required = true };
var encoders = new Option<DirectoryInfo>("--encoders") { Description = "Folder with LANGUAGE.onnx and LANGUAGE.vocab.txt as they come, not tuned before", Required = true };
var output = new Option<FileInfo>("--out") { Description = "The tuned graph is written here", Required = true };
var epochs = new Option<int>("--epochs") { Description = "Passes over the rows", DefaultValueFactory = _ => 3 };
var batch = new Option<int>("--batch") { Description = "Texts a step", DefaultValueFactory = _ => 32 };
var rate = new Option<double>("--rate") { Description = "Highest learning rate", DefaultValueFactory = _ => 6e-5 };
var keep = new Option<double>("--keep") { Description = "How firmly the mean is held where it was", DefaultValueFactory = _ => 1 };
var most = new Option<int>("--most") { Description = "Rows of one task", DefaultValueFactory = _ => 12_000 };
var seed = new Option<int>("--seed") { Description = "Seed of order and dropout", DefaultValueFactory = _ => 1 };

var command = new RootCommand("Tunes a sentence encoder on the earlier rows of the labelled sets. Train the second heads anew afterwards (riskwatch train).")
{
    data, language, encoders, output, epochs, batch, rate, keep, most, seed,
};
command.SetAction(parsed =>
{
    using var encoder = SentenceEncoder.Load(parsed.GetValue(encoders)!.FullName, parsed.GetValue(language)!)
        ?? throw new FileNotFoundException($"There is no {parsed.GetValue(language)}.onnx in '{parsed.GetValue(encoders)}'.");
    var tasks = TuningTask.Read(parsed.GetValue(data)!.FullName, encoder, parsed.GetValue(most));
    foreach (var task in tasks)
    {
        Report($"{task.Name}: {task.Train.Count} rows, {task.Check.Count} later ones to look at, {task.Train.Average(r => r.Ids.Length):F0} tokens each");
    }

    var graph = EncoderGraph.Read(encoder.Path);
    var bert = new BertEncoder(graph);
    new Tuner(bert, tasks, new TuningSettings(parsed.GetValue(epochs), parsed.GetValue(batch), parsed.GetValue(rate), parsed.GetValue(keep), parsed.GetValue(seed)), Report).Run();
    bert.Store();
    graph.Write(parsed.GetValue(output)!.FullName);
});
return command.Parse(args).Invoke();

static void Report(string line) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():HH:mm:ss} {line}"));
