using System.Security.Cryptography;
using RiskWatch.Core.Privacy;

namespace RiskWatch.Ingestion.Reading;

/// <summary>
/// Cuts a JSON array into its elements, or a run of JSON values into these, with bounded memory, whatever line breaks stand in between. It looks at brackets
/// and strings only; whether an element is a record is for its reader to say. What is cut short comes as it is.
/// </summary>
internal sealed class JsonValueSplitter(Stream stream, int limit) : IRecordSplitter
{
    private readonly byte[] _input = new byte[64 * 1024];
    private byte[] _value = new byte[16 * 1024];
    private int _at;
    private int _end;
    private bool _ended;
    private bool _inArray;
    private bool _started;
    private bool _inValue;
    private bool _inString;
    private bool _escaped;
    private int _depth;
    private int _held;
    private long _length;
    private long _line = 1;
    private long _valueLine;
    private IncrementalHash? _hash;
    private byte[] _beginning = [];

    /// <inheritdoc/>
    public long BytesRead { get; private set; }

    /// <inheritdoc/>
    public bool TryRead(out RawLine line)
    {
        while (_at < _end)
        {
            var c = _input[_at];
            var closed = _inValue ? Step(c) : Between(c);
            if (!closed)
            {
                _at++;
                _line += c == '\n' ? 1 : 0;
            }

            if (closed)
            {
                line = Take();
                return true;
            }
        }

        if (_ended && _inValue)
        {
            line = Take();
            return true;
        }

        line = default;
        return false;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> FillAsync(CancellationToken cancel)
    {
        if (_ended)
        {
            return false;
        }

        _at = 0;
        _end = await stream.ReadAsync(_input, cancel).ConfigureAwait(false);
        _ended = _end == 0;
        BytesRead += _end;
        return true;
    }

    private bool Between(byte c)
    {
        if (c is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)',')
        {
            return false;
        }

        if (c == '[' && !_started)
        {
            (_started, _inArray) = (true, true);
            return false;
        }

        if (c == ']' && _inArray)
        {
            _inArray = false;
            return false;
        }

        (_started, _inValue, _depth, _held, _length, _valueLine) = (true, true, 0, 0, 0, _line);
        _inString = _escaped = false;
        return Step(c);
    }

    // True where the value ended before this byte, or with it (then the byte is taken here).
    private bool Step(byte c)
    {
        if (_inString)
        {
            if (_escaped)
            {
                _escaped = false;
            }
            else if (c == '\\')
            {
                _escaped = true;
            }
            else if (c == '"')
            {
                _inString = false;
            }

            Keep(c);
            return false;
        }

        switch (c)
        {
            case (byte)'"':
                _inString = true;
                break;
            case (byte)'{' or (byte)'[':
                _depth++;
                break;
            case (byte)'}' or (byte)']' when _depth > 0:
                Keep(c);
                _at += --_depth == 0 ? 1 : 0;
                return _depth == 0;
            case (byte)',' or (byte)']' or (byte)'\n' when _depth == 0 && _length > 0:
                return true;
        }

        Keep(c);
        return false;
    }

    private void Keep(byte c)
    {
        _length++;
        if (_held == limit)
        {
            if (_hash is null)
            {
                _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                _beginning = _value[..Math.Min(_held, DeadLetters.KeptOfLarge)];
            }

            _hash.AppendData(_value, 0, _held);
            _held = 0;
        }

        if (_held == _value.Length)
        {
            Array.Resize(ref _value, Math.Min(_value.Length * 2, limit));
        }

        _value[_held++] = c;
    }

    private RawLine Take()
    {
        _inValue = false;
        if (_hash is null)
        {
            return new RawLine(_value.AsMemory(0, _held), _valueLine, LineFault.None, _length, null);
        }

        _hash.AppendData(_value, 0, _held);
        var line = new RawLine(_beginning, _valueLine, LineFault.Oversized, _length, _hash.GetHashAndReset());
        _hash.Dispose();
        _hash = null;
        return line;
    }
}
