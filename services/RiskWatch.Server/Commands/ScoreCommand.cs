using System.CommandLine;
using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using RiskWatch.Classification;
using RiskWatch.Classification.Claims;
using RiskWatch.Contracts;
using RiskWatch.Core.Control;
using RiskWatch.Core.Text;
using RiskWatch.Server.Hosting;

namespace RiskWatch.Server.Commands;

/// <summary><c>score</c>: records as NDJSON on standard input, assessments as NDJSON on standard output in the same order.</summary>
internal static class ScoreCommand
{
    private const int LinesAtOnce = 2_048;

    private static readonly Option<string> Stage = new("--stage") { Description = "fast: the linear heads alone; cascade: the encoder for records in doubt; encoder: for every record", DefaultValueFactory = _ => "encoder" };
    private static readonly Option<double?> Prior = new("--prior") { Description = "Share of false content to expect, 0–1; default: the site's", HelpName = "P" };
    private static readonly Option<string> Site = new("--site") { Description = "Site whose places, categories and prior count", DefaultValueFactory = _ => "china", HelpName = "NAME" };

    private static readonly Option<bool> Explain = new("--explain") { Description = "Adds why: which parts of the text speak for and against false content and a negative mood (fast stage), or what the labelled texts nearest to it are called (encoder)" };

    private static readonly Option<FileInfo?> Claims = new("--claims") { Description = "Checked claims to look for: ClaimReview as JSON-LD, or CSV", HelpName = "FILE" };

    private static readonly ContractsJson Readable = new(new JsonSerializerOptions(ContractsJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static Command Create()
    {
        Stage.AcceptOnlyFromAmong("fast", "cascade", "encoder");
        var command = new Command("score", "Scores records: NDJSON in, assessments as NDJSON out, same order. What a repost changes on its original follows the repost's own line") { Stage, Prior, Site, Explain, Claims };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var site = ChooseSite(parse);
        var configuration = CommonOptions.Configuration(parse, StageKeys(parse.GetValue(Stage)!));
        RiskWatchHost.Check(configuration);
        var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(configuration).AddClassification();
        await using var provider = services.BuildServiceProvider();
        var classifier = provider.GetRequiredService<IClassifier>();
        var claims = parse.GetValue(Claims) is { } file ? classifier.IndexOf(ClaimCommands.Read(file)) : null;
        var doubts = new DoubtBook(classifier);
        var explainer = parse.GetValue(Explain) ? provider.GetRequiredService<IExplainer>() : null;
        var input = new ByteLines(PipeReader.Create(Console.OpenStandardInput(), new StreamPipeReaderOptions(bufferSize: 1 << 16)));
        await using var output = new StreamWriter(Console.OpenStandardOutput(), bufferSize: 1 << 16);
        var lines = new List<ReadOnlyMemory<byte>>(LinesAtOnce);
        long before = 0, failed = 0;
        while (true)
        {
            lines.Clear();
            while (lines.Count < LinesAtOnce && await input.ReadAsync(cancel) is { } line)
            {
                lines.Add(line);
            }

            if (lines.Count == 0)
            {
                break;
            }

            failed += await WriteAsync(lines, before, site, classifier, claims, doubts, explainer, output);
            before += lines.Count;
        }

        await output.FlushAsync(cancel);
        return failed == 0 ? 0 : 1;
    }

    private static async Task<long> WriteAsync(List<ReadOnlyMemory<byte>> lines, long before, Site site, IClassifier classifier, ClaimIndex? claims, DoubtBook doubts, IExplainer? explainer, StreamWriter output)
    {
        var results = new (Record? Record, Classified? Classified, string? Error)[lines.Count];
        Parallel.For(0, lines.Count, i =>
        {
            if (lines[i].Span.ContainsAnyExcept((byte)' ', (byte)'\t'))
            {
                var record = Read(lines[i].Span, before + i + 1, out var error);
                results[i] = (record, record is null ? null : classifier.Classify(record, site, claims), error);
            }
        });

        long failed = 0;
        for (var i = 0; i < results.Length; i++)
        {
            var (record, classified, error) = results[i];
            if (error is not null)
            {
                failed++;
                await Console.Error.WriteLineAsync($"error: line {before + i + 1}: {error}");
            }
            else if (record is not null)
            {
                var line = JsonSerializer.Serialize(classified!.Assessment, Readable.Assessment);
                await output.WriteLineAsync(explainer is null ? line : ExplainedLine.Of(line, explainer.Explain(record.Text, classified.Assessment.Language, classified.Assessment.Stage)));
                if (doubts.Take(record, classified) is { } revised)
                {
                    await output.WriteLineAsync(JsonSerializer.Serialize(revised, Readable.Assessment));
                }
            }
        }

        return failed;
    }

    // A line needs a text; what identifies a record in a stream may be missing here.
    private static Record? Read(ReadOnlySpan<byte> line, long number, out string? error)
    {
        error = null;
        if (!Utf8.IsValid(line))
        {
            error = "the bytes are not UTF-8.";
            return null;
        }

        try
        {
            if (JsonNode.Parse(line) is not JsonObject json)
            {
                error = "not a JSON object.";
                return null;
            }

            json.TryAdd("id", number.ToString(System.Globalization.CultureInfo.InvariantCulture));
            json.TryAdd("source", "stdin");
            json.TryAdd("published", "1970-01-01T00:00:00Z");
            var record = json.Deserialize(ContractsJson.Default.Record)!;
            return record with { Text = TextNormalizer.Normalize(record.Text), Title = record.Title is null ? null : TextNormalizer.Normalize(record.Title) };
        }
        catch (JsonException e)
        {
            error = e.Path is { Length: > 1 } path ? $"{path}: not what a record holds there." : "not JSON, cut short, or without what a record needs.";
            return null;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // How the parser says that a name stands twice in an object, and that a string holds half of a surrogate pair.
            error = e is ArgumentException ? "a field stands twice in an object." : "a string holds half of a surrogate pair.";
            return null;
        }
    }

    // Nothing is shed here: what a record gets depends on the record alone.
    private static Dictionary<string, string?> StageKeys(string stage)
    {
        var keys = new Dictionary<string, string?> { ["RiskWatch:Classification:EncoderSheds"] = "false" };
        if (stage == "fast")
        {
            keys["RiskWatch:Classification:EncoderCores"] = "0";
        }
        else if (stage == "encoder")
        {
            keys["RiskWatch:Classification:EncoderFrom"] = "0";
        }

        return keys;
    }

    private static Site ChooseSite(ParseResult parse)
    {
        var sites = BuiltInControl.Entries.Where(e => e.Site is not null).Select(e => e.Site!).ToList();
        var name = parse.GetValue(Site);
        var site = sites.FirstOrDefault(s => s.Id == name) ?? throw new UsageException($"There is no site '{name}'; there are: {string.Join(", ", sites.Select(s => s.Id))}.");
        return parse.GetValue(Prior) is not { } prior ? site : prior is > 0 and < 1 ? site with { FalsePrior = prior } : throw new UsageException($"--prior must lie between 0 and 1, is {prior}.");
    }
}

/// <summary>What reposts and replies say of their originals, within one run: bounded, the oldest originals go first.</summary>
internal sealed class DoubtBook(IClassifier classifier)
{
    private const int MostOriginals = 200_000;

    private readonly Dictionary<(string Source, string Id), Original> _originals = [];
    private readonly Queue<(string Source, string Id)> _order = new();

    /// <summary>Takes a record in; the whole new assessment of the original where this one's doubt changed it.</summary>
    public Assessment? Take(Record record, Classified classified)
    {
        Assessment? revised = null;
        if (record.RepostOf is { } of && classified.Doubts && _originals.TryGetValue((record.Source, of), out var original)
            && original.Doubters.Add((record.Author ?? classified.Assessment.Group, DateOnly.FromDateTime(record.Published.UtcDateTime))))
        {
            var own = (int)Math.Round(original.Own * 10_000);
            revised = original.Assessment with { Credibility = classifier.WithDoubts(own, original.Doubters.Count), Revises = of, At = record.Published };
        }

        if (_originals.TryAdd((record.Source, record.Id), new Original(classified.Assessment, classified.Assessment.Credibility.FalseProbability)))
        {
            _order.Enqueue((record.Source, record.Id));
            if (_order.Count > MostOriginals)
            {
                _originals.Remove(_order.Dequeue());
            }
        }

        return revised;
    }

    private sealed record Original(Assessment Assessment, double Own)
    {
        public HashSet<(string Author, DateOnly Day)> Doubters { get; } = [];
    }
}
