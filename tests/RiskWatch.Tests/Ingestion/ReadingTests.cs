using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using RiskWatch.Core.Ingest;
using RiskWatch.Ingestion.Reading;
using Xunit;
using static RiskWatch.Tests.Ingestion.SomeIngestion;

namespace RiskWatch.Tests.Ingestion;

public sealed class ReadingTests
{
    [Fact]
    public void Lines_keep_their_numbers_over_blank_ones_and_any_break()
    {
        var lines = Lines("one\r\n\n  \ntwo\nthree"u8.ToArray());

        Assert.Equal([(1, "one"), (4, "two"), (5, "three")], lines.Select(l => ((int)l.Number, l.Text())));
    }

    [Fact]
    public void A_line_over_the_limit_is_hashed_and_skipped_and_the_next_one_read()
    {
        var huge = Encoding.UTF8.GetBytes(new string('x', 50_000));
        var lines = Lines([.. "a\n"u8, .. huge, .. "\nb\n"u8], limit: 100, chunk: 1000);

        Assert.Equal([LineFault.None, LineFault.Oversized, LineFault.None], lines.Select(l => l.Fault));
        Assert.Equal(huge.Length, lines[1].Length);
        Assert.Equal(SHA256.HashData(huge), lines[1].Sha256);
        Assert.Equal((3, "b"), ((int)lines[2].Number, lines[2].Text()));
    }

    [Fact]
    public void A_line_of_a_hundred_megabytes_does_not_fill_the_memory()
    {
        var splitter = new LineSplitter(new EndlessLine(100_000_000), 1_000_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        RawLine line;
        while (!splitter.TryRead(out line))
        {
            Assert.True(splitter.Fill());
        }

        Assert.Equal((LineFault.Oversized, 100_000_000L, 65_536), (line.Fault, line.Length, line.Bytes.Length));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
    }

    [Fact]
    public void Quoted_fields_may_hold_delimiters_quotes_and_line_breaks()
    {
        var fields = new DelimitedFields((byte)',', quotes: true);
        var lines = Lines("id,text\n1,\"a,\"\"b\"\"\nc\"\n2,x\"y\n3,\n"u8.ToArray(), delimiter: (byte)',');
        string[] Fields(RawLine line)
        {
            fields.Set(line.Bytes);
            return [.. Enumerable.Range(0, fields.Count).Select(fields.Text)];
        }

        Assert.Equal(["1", "a,\"b\"\nc"], Fields(lines[1]));
        Assert.Equal(["2", "x\"y"], Fields(lines[2]));
        Assert.Equal(["3", ""], Fields(lines[3]));
        Assert.Equal([1, 2, 4, 5], lines.Select(l => (int)l.Number));
    }

    [Fact]
    public void A_quote_that_is_never_closed_costs_one_line_not_the_rest_of_the_file()
    {
        var lines = Lines("1,\"open\n2,b\n3,c\n"u8.ToArray(), delimiter: (byte)',');

        Assert.Equal([LineFault.UnclosedQuote, LineFault.None, LineFault.None], lines.Select(l => l.Fault));
        Assert.Equal("2,b", lines[1].Text());
    }

    [Fact]
    public void However_a_stream_is_cut_the_lines_are_the_same() =>
        Gen.Select(Gen.Char["ab,\"\n\r x"].Array[0, 60], Gen.Int[1, 9], Gen.Bool).Sample((characters, chunk, csv) =>
        {
            var input = Encoding.UTF8.GetBytes(characters);
            byte? delimiter = csv ? (byte)',' : null;
            var whole = Lines(input, 20, delimiter, 1000).Select(l => (l.Number, l.Fault, l.Length, l.Text()));
            return whole.SequenceEqual(Lines(input, 20, delimiter, chunk).Select(l => (l.Number, l.Fault, l.Length, l.Text())));
        }, iter: 5_000);

    [Theory]
    [InlineData("gb18030")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-8")]
    [InlineData("big5")]
    public void Encodings_are_found_out_or_declared(string name)
    {
        using var folder = new TemporaryFolder();
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var encoding = Encoding.GetEncoding(name);
        var text = string.Concat(Enumerable.Repeat("郑州地铁遇到暴雨，市民被困在车厢里，消防员正在救援。\n", 20));
        var path = folder.Write("a.ndjson", [.. encoding.Preamble, .. encoding.GetBytes(text)]);

        using var input = InputFile.Open(path, name == "big5" ? "big5" : null);
        using var reader = new StreamReader(input.Stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: false);
        var read = reader.ReadToEnd();
        Assert.Equal(name == "big5" ? encoding.GetString(encoding.GetBytes(text)) : text, read);
    }

    [Fact]
    public void Compressed_files_are_read_like_others()
    {
        using var folder = new TemporaryFolder();
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write("a\nb\n"u8);
        }

        using var input = InputFile.Open(folder.Write("a.csv.gz", packed.ToArray()), null);
        using var reader = new StreamReader(input.Stream);

        Assert.Equal("a\nb\n", reader.ReadToEnd());
        Assert.Equal(InputFormat.Csv, InputFile.FormatOf("a.csv.gz"));
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Contains("nowhere.csv", Assert.Throws<IngestionConfigurationException>(() => InputFile.Open("nowhere.csv", null)).Message, StringComparison.Ordinal);

    /// <summary>A line without its end.</summary>
    private sealed class EndlessLine(long length) : MemoryStream
    {
        private long _left = length;

        public override int Read(Span<byte> buffer)
        {
            var read = (int)Math.Min(buffer.Length, _left);
            buffer[..read].Fill((byte)'x');
            _left -= read;
            return read;
        }
    }
}
