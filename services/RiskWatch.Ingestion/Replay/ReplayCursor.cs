using System.Text.Json;
using System.Text.Json.Serialization;

namespace RiskWatch.Ingestion.Replay;

/// <summary>How far a replay is; kept with the log in the same commit as what it wrote.</summary>
/// <param name="Fingerprint">The plan's.</param>
/// <param name="Rows">Rows handled.</param>
/// <param name="Accepted">Of these, records that went into the log.</param>
/// <param name="Minute">Minute of the last marks; null before the first.</param>
/// <param name="Time">Merged time of the last accepted record.</param>
/// <param name="Done">The final marks are written.</param>
internal sealed record ReplayCursor(string Fingerprint, long Rows = 0, long Accepted = 0, long? Minute = null, DateTimeOffset? Time = null, bool Done = false)
{
    /// <summary>Key in the share's state.</summary>
    public const string StateKey = "replay";

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, IngestionJson.Default.ReplayCursor);

    public static ReplayCursor Of(ReadOnlySpan<byte> bytes) => JsonSerializer.Deserialize(bytes, IngestionJson.Default.ReplayCursor)!;
}

/// <summary>JSON of what ingestion keeps as state.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ReplayCursor))]
[JsonSerializable(typeof(Push.PushMark))]
internal sealed partial class IngestionJson : JsonSerializerContext
{
}
