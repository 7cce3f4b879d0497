using System.Security.Cryptography;
using RiskWatch.Core.Privacy;

namespace RiskWatch.Ingestion.Reading;

/// <summary>
/// Cuts a stream of UTF-8 bytes into lines, or into delimited records whose quoted fields may span lines, with bounded memory: a line over the limit is
/// hashed and skipped, never held. Blank lines are passed over.
/// </summary>
/// <param name="stream">What is read; not owned.</param>
/// <param name="limit">Longest line in bytes.</param>
/// <param name="delimiter">Delimiter where quotes count (CSV); null where a line break always ends a record (NDJSON, TSV).</param>
internal sealed class LineSplitter(Stream stream, int limit, byte? delimiter = null) : IRecordSplitter
{
    private byte[] _buffer = new byte[Math.Min(limit + 1, 128 * 1024)];
    private int _start;
    private int _end;
    private int _scan;
    private bool _quoted;
    private bool _ended;
    private long _line = 1;
    private IncrementalHash? _oversized;
    private byte[] _beginning = [];
    private long _oversizedLength;

    /// <inheritdoc/>
    public long BytesRead { get; private set; }

    /// <summary>The next line of what was read so far.</summary>
    public bool TryRead(out RawLine line)
    {
        while (true)
        {
            if (_oversized is not null)
            {
                if (!SkipOversized(out line))
                {
                    return false;
                }

                return true;
            }

            var end = FindEnd();
            if (end < 0)
            {
                if (_quoted && (_ended || _end - _start > limit))
                {
                    return Unclosed(out line);
                }

                if (_end - _start > limit)
                {
                    BeginOversized();
                    continue;
                }

                if (!_ended || _start == _end)
                {
                    line = default;
                    return false;
                }

                end = _end;
            }

            var bytes = _buffer.AsMemory(_start, end - _start);
            var number = _line;
            _line += 1 + (delimiter is null ? 0 : bytes.Span.Count((byte)'\n'));
            _start = _scan = Math.Min(end + 1, _end);
            if (bytes.Length > 0 && bytes.Span[^1] == '\r')
            {
                bytes = bytes[..^1];
            }

            if (bytes.Span.ContainsAnyExcept((byte)' ', (byte)'\t', (byte)'\r'))
            {
                line = bytes.Length > limit ? Whole(bytes, number) : new RawLine(bytes, number, LineFault.None, bytes.Length, null);
                return true;
            }
        }
    }

    /// <summary>Reads on; call it whenever <see cref="TryRead"/> has nothing. False once the stream had already ended: then that was all.</summary>
    public bool Fill() => !_ended && Filled(stream.Read(Room()));

    /// <summary>Reads on; call it whenever <see cref="TryRead"/> has nothing. False once the stream had already ended: then that was all.</summary>
    public async ValueTask<bool> FillAsync(CancellationToken cancel) => !_ended && Filled(await stream.ReadAsync(RoomMemory(), cancel).ConfigureAwait(false));

    private static RawLine Whole(ReadOnlyMemory<byte> bytes, long number) =>
        new(bytes[..Math.Min(bytes.Length, DeadLetters.KeptOfLarge)], number, LineFault.Oversized, bytes.Length, SHA256.HashData(bytes.Span));

    private int FindEnd()
    {
        if (delimiter is null)
        {
            var found = _buffer.AsSpan(_scan, _end - _scan).IndexOf((byte)'\n');
            if (found >= 0)
            {
                return _scan + found;
            }

            _scan = _end;
            return -1;
        }

        while (_scan < _end)
        {
            var found = _quoted
                ? _buffer.AsSpan(_scan, _end - _scan).IndexOf((byte)'"')
                : _buffer.AsSpan(_scan, _end - _scan).IndexOfAny((byte)'"', (byte)'\n');
            if (found < 0)
            {
                _scan = _end;
                return -1;
            }

            var at = _scan + found;
            if (_buffer[at] == '\n')
            {
                return at;
            }

            // A quote opens only where a field begins; right after a closing one it is an escaped quote.
            if (_quoted)
            {
                _quoted = false;
            }
            else if (at == _start || _buffer[at - 1] == delimiter || _buffer[at - 1] == '"')
            {
                _quoted = true;
            }

            _scan = at + 1;
        }

        return -1;
    }

    private bool Unclosed(out RawLine line)
    {
        _quoted = false;
        var end = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
        if (end < 0)
        {
            if (_end - _start > limit)
            {
                BeginOversized();
                return SkipOversized(out line);
            }

            end = _end - _start;
        }

        line = new RawLine(_buffer.AsMemory(_start, end), _line++, LineFault.UnclosedQuote, end, null);
        _start = _scan = Math.Min(_start + end + 1, _end);
        return true;
    }

    private void BeginOversized()
    {
        _oversized = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        _beginning = _buffer.AsSpan(_start, Math.Min(_end - _start, DeadLetters.KeptOfLarge)).ToArray();
        _oversizedLength = 0;
        _scan = _start;
    }

    private bool SkipOversized(out RawLine line)
    {
        line = default;
        var rest = _buffer.AsSpan(_start, _end - _start);
        var end = rest.IndexOf((byte)'\n');
        var part = end < 0 ? rest : rest[..end];
        _oversized!.AppendData(part);
        _oversizedLength += part.Length;
        _start = _scan = end < 0 ? _end : _start + end + 1;
        if (end < 0 && !_ended)
        {
            return false;
        }

        line = new RawLine(_beginning, _line++, LineFault.Oversized, _oversizedLength, _oversized.GetHashAndReset());
        _oversized.Dispose();
        _oversized = null;
        return true;
    }

    private Span<byte> Room() => RoomMemory().Span;

    private Memory<byte> RoomMemory()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_scan, _end, _start) = (_scan - _start, _end - _start, 0);
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, (int)Math.Min((long)_buffer.Length * 2, (2L * limit) + 1));
        }

        return _buffer.AsMemory(_end);
    }

    private bool Filled(int read)
    {
        _ended = read == 0;
        _end += read;
        BytesRead += read;
        return true;
    }
}
