using System.Text.Json;
using RiskWatch.Contracts;

namespace RiskWatch.Core.Log;

/// <summary>
/// Reads records as this build writes them, without what the generated reader of an immutable contract costs (an array of boxed arguments, a look-up per member):
/// it took a third of the classification stage's time where the model is trivial. Anything out of the ordinary is left to the generated reader, which decides what is right.
/// </summary>
internal static class RecordEntryReader
{
    private static readonly Vocabulary Words = new();

    /// <summary>The record, or null where the generated reader must look.</summary>
    /// <param name="json">UTF-8 JSON.</param>
    public static Record? TryRead(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject ? Read(ref reader) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static Record? Read(ref Utf8JsonReader reader)
    {
        string? id = null, source = null, text = "", title = null, author = null, url = null, language = null, category = null, channel = null;
        string? department = null, repostOf = null, root = null, status = null, site = "";
        DateTimeOffset? published = null, due = null, replied = null, closed = null, updated = null, received = null;
        RecordPlace? place = null;
        Engagement? engagement = null;
        var kind = RecordKind.Post;
        bool deleted = false, retried = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            var known = true;
            if (name.SequenceEqual("id"u8))
            {
                known = String(ref reader, ref id);
            }
            else if (name.SequenceEqual("source"u8))
            {
                known = Word(ref reader, ref source);
            }
            else if (name.SequenceEqual("kind"u8))
            {
                known = Kind(ref reader, ref kind);
            }
            else if (name.SequenceEqual("published"u8))
            {
                known = Time(ref reader, ref published);
            }
            else if (name.SequenceEqual("text"u8))
            {
                known = String(ref reader, ref text);
            }
            else if (name.SequenceEqual("author"u8))
            {
                known = String(ref reader, ref author);
            }
            else if (name.SequenceEqual("received"u8))
            {
                known = Time(ref reader, ref received);
            }
            else if (name.SequenceEqual("deleted"u8))
            {
                known = Flag(ref reader, ref deleted);
            }
            else if (name.SequenceEqual("site"u8))
            {
                known = Word(ref reader, ref site);
            }
            else if (name.SequenceEqual("retried"u8))
            {
                known = Flag(ref reader, ref retried);
            }
            else if (name.SequenceEqual("title"u8))
            {
                known = String(ref reader, ref title);
            }
            else if (name.SequenceEqual("url"u8))
            {
                known = String(ref reader, ref url);
            }
            else if (name.SequenceEqual("language"u8))
            {
                known = Word(ref reader, ref language);
            }
            else if (name.SequenceEqual("place"u8))
            {
                place = reader.Read() ? JsonSerializer.Deserialize(ref reader, ContractsJson.Default.RecordPlace) : null;
            }
            else if (name.SequenceEqual("category"u8))
            {
                known = Word(ref reader, ref category);
            }
            else if (name.SequenceEqual("channel"u8))
            {
                known = Word(ref reader, ref channel);
            }
            else if (name.SequenceEqual("department"u8))
            {
                known = Word(ref reader, ref department);
            }
            else if (name.SequenceEqual("repostOf"u8))
            {
                known = String(ref reader, ref repostOf);
            }
            else if (name.SequenceEqual("root"u8))
            {
                known = String(ref reader, ref root);
            }
            else if (name.SequenceEqual("engagement"u8))
            {
                engagement = reader.Read() ? JsonSerializer.Deserialize(ref reader, ContractsJson.Default.Engagement) : null;
            }
            else if (name.SequenceEqual("status"u8))
            {
                known = Word(ref reader, ref status);
            }
            else if (name.SequenceEqual("due"u8))
            {
                known = Time(ref reader, ref due);
            }
            else if (name.SequenceEqual("replied"u8))
            {
                known = Time(ref reader, ref replied);
            }
            else if (name.SequenceEqual("closed"u8))
            {
                known = Time(ref reader, ref closed);
            }
            else if (name.SequenceEqual("updated"u8))
            {
                known = Time(ref reader, ref updated);
            }
            else
            {
                known = false;
            }

            if (!known)
            {
                return null;
            }
        }

        if (reader.TokenType != JsonTokenType.EndObject || reader.Read() || id is null || source is null || published is null)
        {
            return null;
        }

        return new Record
        {
            Id = id,
            Source = source,
            Kind = kind,
            Published = published.Value,
            Text = text!,
            Title = title,
            Author = author,
            Url = url,
            Language = language,
            Place = place,
            Category = category,
            Channel = channel,
            Department = department,
            RepostOf = repostOf,
            Root = root,
            Engagement = engagement,
            Status = status,
            Due = due,
            Replied = replied,
            Closed = closed,
            Updated = updated,
            Received = received,
            Deleted = deleted,
            Site = site!,
            Retried = retried,
        };
    }

    private static bool String(ref Utf8JsonReader reader, ref string? value)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.String)
        {
            return false;
        }

        value = reader.GetString();
        return true;
    }

    private static bool Word(ref Utf8JsonReader reader, ref string? value)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.String)
        {
            return false;
        }

        value = Words.Of(ref reader);
        return true;
    }

    private static bool Kind(ref Utf8JsonReader reader, ref RecordKind value)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.String)
        {
            return false;
        }

        value = reader.ValueTextEquals("hotline"u8) ? RecordKind.Hotline : RecordKind.Post;
        return value == RecordKind.Hotline || reader.ValueTextEquals("post"u8);
    }

    private static bool Time(ref Utf8JsonReader reader, ref DateTimeOffset? value)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.String || !reader.TryGetDateTimeOffset(out var time))
        {
            return false;
        }

        value = time;
        return true;
    }

    private static bool Flag(ref Utf8JsonReader reader, ref bool value)
    {
        value = reader.Read() && reader.TokenType == JsonTokenType.True;
        return value || reader.TokenType == JsonTokenType.False;
    }
}
