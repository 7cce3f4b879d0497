using System.Text.Json;
using RiskWatch.Adapters.Embedded.EventLog;
using RiskWatch.Core.Log;

namespace RiskWatch.Server.Migrating;

/// <summary>How far a migration is, kept in the data folder as <c>migration.json</c>; a migration that was interrupted goes on from it.</summary>
internal sealed record Migration
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "migration.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Where the log goes; null where it stays.</summary>
    public string? Log { get; init; }

    /// <summary>Where the store goes; null where it stays.</summary>
    public string? Store { get; init; }

    /// <summary>Ends of the embedded log when it began: what was written later would be lost.</summary>
    public required string Source { get; init; }

    /// <summary>Whether entries may be in the new log: before, its topics must be empty.</summary>
    public bool Begun { get; set; }

    /// <summary>Cursor of the records that are in the new store.</summary>
    public string? RecordsCursor { get; set; }

    /// <summary>Whether all of them are.</summary>
    public bool RecordsDone { get; set; }

    /// <summary>When everything was there and equal.</summary>
    public DateTimeOffset? Done { get; set; }

    /// <summary>What stands in the folder; null where no migration began.</summary>
    public static Migration? Read(string data)
    {
        var file = Path.Combine(data, FileName);
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize<Migration>(File.ReadAllText(file), Json) : null;
        }
        catch (JsonException e)
        {
            throw new LogConfigurationException($"{file} is damaged ({e.Message}): delete it and migrate into empty topics.", e);
        }
    }

    /// <summary>Keeps it, whole or not at all.</summary>
    public void Write(string data)
    {
        var part = Path.Combine(data, FileName + ".part");
        File.WriteAllText(part, JsonSerializer.Serialize(this, Json));
        File.Move(part, Path.Combine(data, FileName), overwrite: true);
    }

    /// <summary>Ends of all partitions as one line.</summary>
    public static string Ends(IEnumerable<LogTopic> topics) => string.Join(' ', topics.Select(t => $"{t.Name}={string.Join(',', Enumerable.Range(0, t.Partitions).Select(t.End))}"));
}
