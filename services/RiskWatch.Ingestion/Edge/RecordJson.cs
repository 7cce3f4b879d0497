using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using RiskWatch.Contracts;

namespace RiskWatch.Ingestion.Edge;

/// <summary>Reads a record in the form of DESIGN §6. Unknown fields are passed over; a field of the wrong type is refused by its name.</summary>
internal static class RecordJson
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 32 };

    /// <summary>Reads one JSON object into <paramref name="record"/>; null where it went well.</summary>
    public static Refusal? Read(ReadOnlySpan<byte> json, RawRecord record)
    {
        record.Clear();
        if (!Utf8.IsValid(json))
        {
            return new Refusal(DeadLetterReason.WrongEncoding, "The bytes are not UTF-8: send UTF-8, or declare the encoding (charset of the content type, or 'encoding' of the mapping).");
        }

        try
        {
            var reader = new Utf8JsonReader(json, Options);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                return new Refusal(DeadLetterReason.Malformed, "Not a JSON object: give one record a line.");
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (ReadField(ref reader, record) is { } refusal)
                {
                    return refusal;
                }
            }

            return reader.Read() ? new Refusal(DeadLetterReason.Malformed, "More than one JSON value on the line.") : null;
        }
        catch (JsonException e)
        {
            return new Refusal(DeadLetterReason.Malformed, string.Create(CultureInfo.InvariantCulture, $"Not JSON, or cut short: error at byte {e.BytePositionInLine} of line {e.LineNumber + 1} of the record."));
        }
        catch (InvalidOperationException)
        {
            // How the reader says that a string has an escaped lone surrogate.
            return new Refusal(DeadLetterReason.Malformed, "A string holds half of a surrogate pair (\\ud800–\\udfff): escape both halves or send the character itself.");
        }
    }

    private static Refusal? ReadField(ref Utf8JsonReader reader, RawRecord record)
    {
        var name = Fields.Find(ref reader);
        reader.Read();
        if (name is null || reader.TokenType == JsonTokenType.Null)
        {
            reader.Skip();
            return null;
        }

        switch (name)
        {
            case RecordFields.PublishedField or RecordFields.UpdatedField or "due" or "replied" or "closed":
                return ReadTime(ref reader, name, record);
            case "deleted":
                if (reader.TokenType is not (JsonTokenType.True or JsonTokenType.False))
                {
                    return Refusal.Invalid(name, "must be true or false");
                }

                record.Deleted = reader.GetBoolean();
                return null;
            case "place":
                return ReadPlace(ref reader, record);
            case "engagement":
                return ReadEngagement(ref reader, record);
            default:
                if (reader.TokenType != JsonTokenType.String)
                {
                    return Refusal.Invalid(name, "must be a string");
                }

                return RecordFields.SetText(record, name, reader.GetString()!);
        }
    }

    private static Refusal? ReadTime(ref Utf8JsonReader reader, string name, RawRecord record)
    {
        if (reader.TokenType == JsonTokenType.String && !reader.HasValueSequence && HasOffset(reader.ValueSpan) && reader.TryGetDateTimeOffset(out var time))
        {
            RecordFields.SetTime(record, name, time);
            return null;
        }

        return Refusal.Invalid(name, "must be an ISO 8601 time with its offset, for example 2021-07-20T08:51:00+08:00");
    }

    // Without an offset the parser would take this machine's time zone.
    private static bool HasOffset(ReadOnlySpan<byte> time) => time.Length > 16 && (time[^1] is (byte)'Z' or (byte)'z' || time[^6] is (byte)'+' or (byte)'-');

    private static Refusal? ReadPlace(ref Utf8JsonReader reader, RawRecord record)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return Refusal.Invalid("place", "must be an object with name, latitude, longitude");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Fields.FindPlace(ref reader);
            reader.Read();
            if (name is null || reader.TokenType == JsonTokenType.Null)
            {
                reader.Skip();
            }
            else if (name == "name")
            {
                if (reader.TokenType != JsonTokenType.String)
                {
                    return Refusal.Invalid("place.name", "must be a string");
                }

                record.PlaceName = reader.GetString();
            }
            else if (reader.TokenType != JsonTokenType.Number || !reader.TryGetDouble(out var degrees))
            {
                return Refusal.Invalid("place." + name, "must be a number of degrees");
            }
            else if (name == "latitude")
            {
                record.Latitude = degrees;
            }
            else
            {
                record.Longitude = degrees;
            }
        }

        return null;
    }

    private static Refusal? ReadEngagement(ref Utf8JsonReader reader, RawRecord record)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return Refusal.Invalid("engagement", "must be an object with likes, reposts, replies, heat");
        }

        var engagement = new Engagement();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Fields.FindEngagement(ref reader);
            reader.Read();
            if (name is null || reader.TokenType == JsonTokenType.Null)
            {
                reader.Skip();
            }
            else if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var count))
            {
                return Refusal.Invalid("engagement." + name, "must be a whole number");
            }
            else
            {
                engagement = RecordFields.With(engagement, name, count);
            }
        }

        record.Engagement = engagement;
        return null;
    }

    private static class Fields
    {
        private static readonly (string Name, byte[] Bytes)[] Names = Of([.. RecordFields.TextFields, .. RecordFields.TimeFields, "deleted", "place", "engagement"]);
        private static readonly (string Name, byte[] Bytes)[] PlaceNames = Of("name", "latitude", "longitude");
        private static readonly (string Name, byte[] Bytes)[] EngagementNames = Of("likes", "reposts", "replies", "heat");

        public static string? Find(ref Utf8JsonReader reader) => Find(ref reader, Names);

        public static string? FindPlace(ref Utf8JsonReader reader) => Find(ref reader, PlaceNames);

        public static string? FindEngagement(ref Utf8JsonReader reader) => Find(ref reader, EngagementNames);

        private static (string Name, byte[] Bytes)[] Of(params string[] names) => [.. names.Select(name => (name, Encoding.UTF8.GetBytes(name)))];

        private static string? Find(ref Utf8JsonReader reader, (string Name, byte[] Bytes)[] names)
        {
            foreach (var (name, bytes) in names)
            {
                if (reader.ValueTextEquals(bytes))
                {
                    return name;
                }
            }

            return null;
        }
    }
}
