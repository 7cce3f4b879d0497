using System.Text.Json.Nodes;
using RiskWatch.Contracts;
using RiskWatch.Core.Log;

namespace RiskWatch.Server.Benchmarks.Chaos;

/// <summary>
/// How late the alert feed is: from when a mark that closes a minute stood in the log until a web process shows that minute as decided, whichever of them
/// answers first, as a browser behind a balancer would.
/// </summary>
/// <param name="log">The log, seen from outside.</param>
/// <param name="webs">Addresses of the web processes.</param>
/// <param name="site">Site of the rows.</param>
internal sealed class FeedLag(IEventLog log, IReadOnlyList<Uri> webs, string site) : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(1) };
    private readonly Queue<(DateTimeOffset Decided, DateTimeOffset AppendedAt)> _waiting = new();
    private DateTimeOffset _shown = DateTimeOffset.MinValue;
    private double _worst;
    private int _marks;

    /// <summary>The worst since the last call, and starts anew; null where no mark was seen, so that nothing is known.</summary>
    public TimeSpan? TakeWorst()
    {
        var worst = Interlocked.Exchange(ref _worst, 0);
        return Interlocked.Exchange(ref _marks, 0) == 0 && worst == 0 ? null : TimeSpan.FromSeconds(worst);
    }

    /// <summary>Waits, at most two minutes, until the feed keeps up: brokers and processes that have just started compile first, and an upgrade meets warm ones.</summary>
    /// <returns>Whether it came to keep up.</returns>
    public async Task<bool> WarmAsync(CancellationToken cancel)
    {
        var began = TimeProvider.System.GetTimestamp();
        _ = TakeWorst();
        while (TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromMinutes(2))
        {
            await Task.Delay(TimeSpan.FromSeconds(10), TimeProvider.System, cancel);
            if (TakeWorst() <= TimeSpan.FromSeconds(1.5))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Watches until it is cancelled.</summary>
    public async Task WatchAsync(CancellationToken cancel)
    {
        await using var marks = log.Tail(Topics.Records, fromBeginning: false);
        try
        {
            while (true)
            {
                await LookAsync(marks, cancel);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task LookAsync(ILogTail marks, CancellationToken cancel)
    {
        IReadOnlyList<LogMessage> read;
        try
        {
            read = await marks.ReadAsync(Poll, cancel);
        }
        catch (TransientLogException)
        {
            return;
        }

        // A mark stands in every partition; one of them is enough.
        foreach (var message in read.Where(m => m.Type == EntryTypes.Mark && m.Partition == 0))
        {
            if (Entries.Read(message, ContractsJson.Default.Mark) is { Ended: false } mark && mark.Site == site)
            {
                Interlocked.Increment(ref _marks);
                _waiting.Enqueue((DateTimeOffset.FromUnixTimeSeconds(mark.Minute * 60), message.AppendedAt));
            }
        }

        foreach (var shown in await Task.WhenAll(webs.Select(web => ShownAsync(web, cancel))))
        {
            _shown = shown > _shown ? shown.Value : _shown;
        }

        while (_waiting.TryPeek(out var next) && next.Decided <= _shown)
        {
            _waiting.Dequeue();
        }

        if (_waiting.TryPeek(out var oldest))
        {
            var lag = (TimeProvider.System.GetUtcNow() - oldest.AppendedAt).TotalSeconds;
            if (lag > Volatile.Read(ref _worst))
            {
                Volatile.Write(ref _worst, lag);
            }
        }
    }

    private async Task<DateTimeOffset?> ShownAsync(Uri web, CancellationToken cancel)
    {
        try
        {
            var status = JsonNode.Parse(await _http.GetStringAsync(new Uri(web, "api/status"), cancel));
            return status!["sites"]!.AsArray().Where(s => (string?)s!["site"] == site).Select(s => (DateTimeOffset?)s!["tick"]).FirstOrDefault();
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !cancel.IsCancellationRequested))
        {
            return null;
        }
    }
}
