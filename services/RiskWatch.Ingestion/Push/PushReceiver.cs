using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RiskWatch.Contracts;
using RiskWatch.Core.Control;
using RiskWatch.Core.Ingest;
using RiskWatch.Core.Log;
using RiskWatch.Core.Privacy;
using RiskWatch.Ingestion.Edge;
using RiskWatch.Ingestion.Reading;

namespace RiskWatch.Ingestion.Push;

/// <summary>Takes pushed records: NDJSON, a JSON array, or one object over several lines. Good ones are appended in batches, bad ones are dead-lettered with line and reason.</summary>
internal sealed class PushReceiver(
    IEventLog log,
    IControlTable control,
    IPseudonymSecrets secrets,
    IDeadLetterVault vault,
    PushCounters counters,
    StageMetrics metrics,
    TimeProvider time,
    IOptions<IngestionOptions> options,
    ILogger<PushReceiver> logger) : IPushReceiver
{
    private const int FirstLook = 4096;

    private readonly IngestionOptions _options = options.Value;
    private readonly Backpressure _pressure = new(log, time, TimeSpan.FromMilliseconds(500));

    /// <inheritdoc/>
    public async Task<PushResult> ReceiveAsync(Stream body, PushRequest request, CancellationToken cancel)
    {
        var push = new PushSession(new RecordEdge(new SourceCatalog(control), new Pseudonyms(secrets)), vault, counters, request.Source, _options.LargestEntry);
        if (!TryTranscode(body, request.Charset, out var utf8, out var transcoded))
        {
            push.RefuseAll(new Refusal(DeadLetterReason.WrongEncoding, "The charset of the content type is not known: send UTF-8."));
            return push.Result();
        }

        var splitter = await SplitterAsync(utf8, request.Lines, cancel).ConfigureAwait(false);
        while (true)
        {
            if (splitter.TryRead(out var line))
            {
                push.Take(line, time.GetUtcNow(), transcoded);
                if (push.Waiting < _options.PushBatch && push.WaitingBytes < 8_000_000)
                {
                    continue;
                }

                if (!await AppendAsync(push, cancel).ConfigureAwait(false))
                {
                    break;
                }
            }
            else if (splitter.BytesRead > _options.LargestPush)
            {
                push.Stop(PushStop.TooLarge);
                break;
            }
            else if (!await splitter.FillAsync(cancel).ConfigureAwait(false))
            {
                break;
            }
        }

        if (push.Stopped != PushStop.Busy)
        {
            await AppendAsync(push, cancel).ConfigureAwait(false);
        }

        var result = push.Result();
        IngestionLog.Pushed(logger, result.Accepted, result.RefusedCount);
        return result;
    }

    private static bool TryTranscode(Stream body, string? charset, out Stream utf8, out bool transcoded)
    {
        (utf8, transcoded) = (body, false);
        if (charset is null)
        {
            return true;
        }

        try
        {
            if (InputFile.Named(charset) is { } encoding)
            {
                (utf8, transcoded) = (Encoding.CreateTranscodingStream(body, encoding, new UTF8Encoding(false), leaveOpen: true), true);
            }

            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private async Task<IRecordSplitter> SplitterAsync(Stream body, bool lines, CancellationToken cancel)
    {
        var start = new byte[FirstLook];
        var length = await body.ReadAtLeastAsync(start, FirstLook, throwOnEndOfStream: false, cancel).ConfigureAwait(false);
        var mark = start.AsSpan(0, length).StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        var rest = new PrefixedStream(start.AsMemory(mark, length - mark), body, leaveOpen: true);
        return !lines && IsJsonDocument(start.AsSpan(mark, length - mark)) ? new JsonValueSplitter(rest, _options.LongestRecord) : new LineSplitter(rest, _options.LongestRecord);
    }

    // An array, or an object whose first line is no record in itself.
    private static bool IsJsonDocument(ReadOnlySpan<byte> start)
    {
        var text = start.TrimStart(" \t\r\n"u8);
        return text.Length > 0 && (text[0] == '[' || (text[0] == '{' && text[1..].TrimStart(" \t\r"u8) is [(byte)'\n', ..]));
    }

    private async Task<bool> AppendAsync(PushSession push, CancellationToken cancel)
    {
        if (push.Waiting == 0)
        {
            return true;
        }

        try
        {
            var lag = await _pressure.LagAsync(cancel).ConfigureAwait(false);
            if (lag > _options.PushMaxLag || _pressure.IsFull)
            {
                IngestionLog.PushBusy(logger, lag, _pressure.IsFull);
                push.Busy(_options.PushRetryAfter);
                return false;
            }

            var started = time.GetTimestamp();
            await log.AppendAsync(push.Outputs, cancel).ConfigureAwait(false);
            metrics.Committed(IngestionService.Stage, push.Waiting, push.Outputs.Count, time.GetElapsedTime(started));
            foreach (var refusal in push.WaitingRefusals)
            {
                metrics.Dropped(IngestionService.Stage, refusal.Reason.ToString());
            }

            push.Appended(time.GetUtcNow());
            return true;
        }
        catch (TransientLogException e)
        {
            // Whether the batch is in the log is not known; sent again, its ids make the repeat harmless.
            metrics.Failed(IngestionService.Stage, "transient");
            IngestionLog.Waiting(logger, e.Message);
            push.Busy(_options.PushRetryAfter);
            return false;
        }
    }
}
