using System.Text.Json;
using RiskWatch.Contracts;

namespace RiskWatch.Core.Log;

/// <summary>Reads tallies as this build writes them; what is out of the ordinary is left to the generated reader (see <see cref="RecordEntryReader"/>). A busy minute's tally is some thousand cells.</summary>
internal static class TallyEntryReader
{
    private static readonly Vocabulary Words = new();

    [ThreadStatic]
    private static Loose? _loose;

    /// <summary>The tally, or null where the generated reader must look.</summary>
    /// <param name="json">UTF-8 JSON.</param>
    public static Tally? TryRead(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject ? Read(ref reader, _loose ??= new Loose()) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static Tally? Read(ref Utf8JsonReader reader, Loose loose)
    {
        string? site = null, topic = null, place = null;
        long? minute = null, stamp = null;
        TallyCounts? counts = null;
        Dictionary<string, int> sources = [];
        IReadOnlyList<SketchCell> authors = [], pairs = [];
        IReadOnlyList<Exemplar> exemplars = [];
        IReadOnlyList<TermCell> terms = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            var known = true;
            if (name.SequenceEqual("site"u8))
            {
                known = Word(ref reader, out site);
            }
            else if (name.SequenceEqual("topic"u8))
            {
                known = Word(ref reader, out topic);
            }
            else if (name.SequenceEqual("place"u8))
            {
                known = Word(ref reader, out place);
            }
            else if (name.SequenceEqual("minute"u8))
            {
                known = Number(ref reader, out minute);
            }
            else if (name.SequenceEqual("stamp"u8))
            {
                known = Number(ref reader, out stamp);
            }
            else if (name.SequenceEqual("counts"u8))
            {
                counts = reader.Read() ? JsonSerializer.Deserialize(ref reader, ContractsJson.Default.TallyCounts) : null;
            }
            else if (name.SequenceEqual("sources"u8))
            {
                known = Sources(ref reader, sources);
            }
            else if (name.SequenceEqual("authors"u8))
            {
                known = Cells(ref reader, loose, out authors);
            }
            else if (name.SequenceEqual("pairs"u8))
            {
                known = Cells(ref reader, loose, out pairs);
            }
            else if (name.SequenceEqual("exemplars"u8))
            {
                known = Exemplars(ref reader, loose, out exemplars);
            }
            else if (name.SequenceEqual("terms"u8))
            {
                known = Terms(ref reader, loose, out terms);
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

        if (reader.TokenType != JsonTokenType.EndObject || reader.Read() || site is null || topic is null || place is null || minute is null || stamp is null || counts is null)
        {
            return null;
        }

        return new Tally
        {
            Site = site,
            Topic = topic,
            Place = place,
            Minute = minute.Value,
            Stamp = stamp.Value,
            Counts = counts,
            Sources = sources,
            Authors = authors,
            Pairs = pairs,
            Exemplars = exemplars,
            Terms = terms,
        };
    }

    private static bool Sources(ref Utf8JsonReader reader, Dictionary<string, int> sources)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var source = Words.Of(ref reader);
            if (!Number(ref reader, out int count))
            {
                return false;
            }

            sources[source] = count;
        }

        return reader.TokenType == JsonTokenType.EndObject;
    }

    private static bool Cells(ref Utf8JsonReader reader, Loose loose, out IReadOnlyList<SketchCell> cells)
    {
        cells = [];
        if (!Array(ref reader))
        {
            return false;
        }

        loose.Cells.Clear();
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            if (!Member(ref reader, "cell"u8, out var cell) || !Member(ref reader, "count"u8, out var count) || !Ends(ref reader))
            {
                return false;
            }

            loose.Cells.Add(new SketchCell(cell, count));
        }

        cells = loose.Cells.ToArray();
        return reader.TokenType == JsonTokenType.EndArray;
    }

    private static bool Terms(ref Utf8JsonReader reader, Loose loose, out IReadOnlyList<TermCell> terms)
    {
        terms = [];
        if (!Array(ref reader))
        {
            return false;
        }

        loose.Terms.Clear();
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            if (!Member(ref reader, "cell"u8, out var cell) || !Member(ref reader, "count"u8, out var count) || !reader.Read())
            {
                return false;
            }

            string? term = null;
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("term"u8) && (!Word(ref reader, out term) || !reader.Read()))
            {
                return false;
            }

            var voice = 0;
            if (reader.TokenType == JsonTokenType.PropertyName && (!reader.ValueTextEquals("voice"u8) || !Number(ref reader, out voice) || !reader.Read()))
            {
                return false;
            }

            if (reader.TokenType != JsonTokenType.EndObject)
            {
                return false;
            }

            loose.Terms.Add(new TermCell(cell, count, term, voice));
        }

        terms = loose.Terms.ToArray();
        return reader.TokenType == JsonTokenType.EndArray;
    }

    private static bool Exemplars(ref Utf8JsonReader reader, Loose loose, out IReadOnlyList<Exemplar> exemplars)
    {
        exemplars = [];
        if (!Array(ref reader))
        {
            return false;
        }

        loose.Exemplars.Clear();
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            if (!Named(ref reader, "source"u8) || !Word(ref reader, out var source)
                || !Named(ref reader, "id"u8) || !reader.Read() || reader.TokenType != JsonTokenType.String || reader.GetString() is not { } id
                || !Member(ref reader, "sign"u8, out var sign) || !Ends(ref reader))
            {
                return false;
            }

            loose.Exemplars.Add(new Exemplar(source!, id, sign));
        }

        exemplars = loose.Exemplars.ToArray();
        return reader.TokenType == JsonTokenType.EndArray;
    }

    private static bool Array(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.StartArray;

    private static bool Ends(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.EndObject;

    private static bool Named(ref Utf8JsonReader reader, ReadOnlySpan<byte> name) =>
        reader.Read() && reader.TokenType == JsonTokenType.PropertyName && reader.ValueSpan.SequenceEqual(name);

    private static bool Member(ref Utf8JsonReader reader, ReadOnlySpan<byte> name, out int value)
    {
        value = 0;
        return Named(ref reader, name) && Number(ref reader, out value);
    }

    private static bool Word(ref Utf8JsonReader reader, out string? value)
    {
        value = reader.Read() && reader.TokenType == JsonTokenType.String ? Words.Of(ref reader) : null;
        return value is not null;
    }

    private static bool Number(ref Utf8JsonReader reader, out int value)
    {
        value = 0;
        return reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out value);
    }

    private static bool Number(ref Utf8JsonReader reader, out long? value)
    {
        var isNumber = reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number);
        value = isNumber ? reader.GetInt64() : null;
        return isNumber;
    }

    private sealed class Loose
    {
        public List<SketchCell> Cells { get; } = [];

        public List<TermCell> Terms { get; } = [];

        public List<Exemplar> Exemplars { get; } = [];
    }
}
