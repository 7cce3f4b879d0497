using System.Buffers;
using System.IO.Pipelines;

namespace RiskWatch.Server.Commands;

/// <summary>Lines as the bytes they are: only a line feed ends one, so that numbers agree with those of other tools, and nothing is repaired on the way.</summary>
internal sealed class ByteLines(PipeReader input)
{
    private bool _begun;
    private long _scanned;

    /// <summary>The next line without its end and without a byte order mark; null at the end.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancel)
    {
        while (true)
        {
            var read = await input.ReadAsync(cancel);
            var buffer = read.Buffer;
            if (buffer.Slice(_scanned).PositionOf((byte)'\n') is { } end)
            {
                _scanned = 0;
                var line = Line(buffer.Slice(0, end));
                input.AdvanceTo(buffer.GetPosition(1, end));
                return line;
            }

            if (read.IsCompleted)
            {
                _scanned = 0;
                var last = buffer.IsEmpty ? (ReadOnlyMemory<byte>?)null : Line(buffer);
                input.AdvanceTo(buffer.End);
                return last;
            }

            _scanned = buffer.Length;
            input.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private ReadOnlyMemory<byte> Line(ReadOnlySequence<byte> bytes)
    {
        ReadOnlyMemory<byte> line = bytes.ToArray();
        if (!_begun && line.Span.StartsWith("\uFEFF"u8))
        {
            line = line[3..];
        }

        _begun = true;
        return line.Span is [.., (byte)'\r'] ? line[..^1] : line;
    }
}
