using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using RiskWatch.Contracts;
using RiskWatch.Core.Log;
using RiskWatch.Core.Store;
using RiskWatch.Core.Text;

namespace RiskWatch.Server.Commands;

/// <summary><c>labels</c>: what people corrected, with the text, who and when, as <c>train --labels</c> reads it.</summary>
internal static class LabelsCommand
{
    private static readonly LabelJson Readable = new(new JsonSerializerOptions(LabelJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static Command Create()
    {
        var command = new Command("labels", "Writes the records that people corrected as labels to train with: text, false or not, mood, who and when, a JSON object a line");
        command.SetAction((parse, cancel) => DeskHost.UseAsync(parse, services => WriteAsync(services.GetRequiredService<IEventLog>(), services.GetRequiredService<IStore>(), cancel), cancel));
        return command;
    }

    private static async Task<int> WriteAsync(IEventLog log, IStore store, CancellationToken cancel)
    {
        var corrected = await CorrectedAsync(log, cancel);
        var gone = 0;
        foreach (var ((source, id), (by, at)) in corrected)
        {
            // The text is kept for days only; who corrected it and when is kept for ever.
            if (await store.GetRecordAsync(source, id, cancel) is not { CorrectedBy: not null } stored)
            {
                gone++;
                continue;
            }

            var label = new CorrectedLabel(RecordText.Of(stored.Record), stored.Assessment.Language, IsFalse(stored.Assessment.Credibility), Mood(stored.Assessment.Sentiment), by, at);
            if (label is not { FalseInformation: null, Sentiment: null })
            {
                Console.Out.WriteLine(JsonSerializer.Serialize(label, Readable.CorrectedLabel));
            }
        }

        await Console.Error.WriteLineAsync($"{corrected.Count - gone} corrected records{(gone > 0 ? $"; {gone} more are not in the store any more" : "")}.");
        return 0;
    }

    private static async Task<Dictionary<(string Source, string Id), (string By, DateTimeOffset At)>> CorrectedAsync(IEventLog log, CancellationToken cancel)
    {
        var corrected = new Dictionary<(string Source, string Id), (string By, DateTimeOffset At)>();
        await using var tail = log.Tail(Topics.Audit, fromBeginning: true);
        while (!tail.CaughtUp)
        {
            foreach (var message in await tail.ReadAsync(TimeSpan.FromMilliseconds(100), cancel))
            {
                if (message.Type == EntryTypes.Audit && Entries.Read(message, ContractsJson.Default.AuditEntry) is { Action: "record.correct" } entry && entry.Target.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash)
                {
                    corrected[(entry.Target[..slash], entry.Target[(slash + 1)..])] = (entry.By, entry.At);
                }
            }
        }

        return corrected;
    }

    // A person's word is certain; what the model says never is.
    private static bool? IsFalse(Credibility credibility) => credibility.FalseProbability switch { 1 => true, 0 => false, _ => null };

    private static Sentiment? Mood(SentimentAssessment mood) => mood.Probabilities is { Negative: 1 } or { Neutral: 1 } or { Positive: 1 } ? mood.Label : null;
}

/// <summary>A corrected record as a label.</summary>
/// <param name="Text">Title and text.</param>
/// <param name="Language">BCP 47.</param>
/// <param name="FalseInformation">Whether it is false, null: not corrected.</param>
/// <param name="Sentiment">Its mood, null: not corrected.</param>
/// <param name="By">Who corrected it last.</param>
/// <param name="At">When.</param>
internal sealed record CorrectedLabel(string Text, string Language, bool? FalseInformation, Sentiment? Sentiment, string By, DateTimeOffset At);

/// <summary>JSON of labels.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CorrectedLabel))]
internal sealed partial class LabelJson : JsonSerializerContext;
