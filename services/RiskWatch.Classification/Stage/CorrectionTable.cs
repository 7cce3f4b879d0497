using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using RiskWatch.Contracts;
using RiskWatch.Core.Sketches;

namespace RiskWatch.Classification.Stage;

/// <summary>What people say of a record; null: nothing.</summary>
internal readonly record struct Corrected(bool? FalseInformation, Sentiment? Sentiment, string? By);

/// <summary>People's corrections of the last 8 days in one partition, by id, so that a repeat has no effect and an edit of a record keeps what people said of it.</summary>
internal sealed class CorrectionTable
{
    private const char Prefix = 'k';
    private static readonly TimeSpan Kept = TimeSpan.FromDays(8);

    private readonly Dictionary<ulong, (Correction Correction, DateTimeOffset AppendedAt)> _byId = [];
    private readonly Dictionary<ulong, List<Correction>> _byRecord = [];
    private readonly HashSet<ulong> _changed = [];

    public bool IsEmpty => _byId.Count == 0;

    /// <summary>Takes a correction; false where it is a repeat.</summary>
    public bool Take(Correction correction, DateTimeOffset appendedAt)
    {
        var id = SketchHash.Of(correction.Id);
        if (_byId.ContainsKey(id))
        {
            return false;
        }

        Add(id, correction, appendedAt);
        _changed.Add(id);
        return true;
    }

    /// <summary>What holds for a record: of each label the last that a person gave.</summary>
    public Corrected Of(ulong record)
    {
        if (!_byRecord.TryGetValue(record, out var corrections))
        {
            return default;
        }

        Corrected result = default;
        foreach (var correction in corrections)
        {
            result = new Corrected(correction.FalseInformation ?? result.FalseInformation, correction.Sentiment ?? result.Sentiment, correction.By);
        }

        return result;
    }

    /// <summary>Forgets corrections older than 8 days of ingest time.</summary>
    public void Prune(DateTimeOffset now)
    {
        List<ulong>? gone = null;
        foreach (var (id, held) in _byId)
        {
            if (held.AppendedAt < now - Kept)
            {
                (gone ??= []).Add(id);
            }
        }

        foreach (var id in gone ?? [])
        {
            _byId.Remove(id, out var held);
            var record = SketchHash.OfRecord(held.Correction.Source, held.Correction.RecordId);
            if (_byRecord[record].RemoveAll(c => c.Id == held.Correction.Id) > 0 && _byRecord[record].Count == 0)
            {
                _byRecord.Remove(record);
            }

            _changed.Add(id);
        }
    }

    public void Flush(StateWriter writer)
    {
        foreach (var id in _changed)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{id:x16}");
            if (_byId.TryGetValue(id, out var held))
            {
                var json = JsonSerializer.SerializeToUtf8Bytes(held.Correction, ContractsJson.Default.Correction);
                var value = new byte[sizeof(long) + json.Length];
                MemoryMarshal.Write(value, held.AppendedAt.UtcTicks);
                json.CopyTo(value, sizeof(long));
                writer.Put(key, value);
            }
            else
            {
                writer.Remove(key);
            }
        }

        _changed.Clear();
    }

    public void Restore(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> state)
    {
        foreach (var (key, value) in state)
        {
            if (key[0] == Prefix)
            {
                var correction = JsonSerializer.Deserialize(value.Span[sizeof(long)..], ContractsJson.Default.Correction)!;
                Add(ulong.Parse(key.AsSpan(1), NumberStyles.HexNumber, CultureInfo.InvariantCulture), correction, new DateTimeOffset(MemoryMarshal.Read<long>(value.Span), TimeSpan.Zero));
            }
        }
    }

    private void Add(ulong id, Correction correction, DateTimeOffset appendedAt)
    {
        _byId[id] = (correction, appendedAt);
        var record = SketchHash.OfRecord(correction.Source, correction.RecordId);
        if (!_byRecord.TryGetValue(record, out var corrections))
        {
            _byRecord[record] = corrections = [];
        }

        corrections.Add(correction);
        corrections.Sort((a, b) => a.At != b.At ? a.At.CompareTo(b.At) : string.CompareOrdinal(a.Id, b.Id));
    }
}
