using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using RiskWatch.Core.Log;
using RiskWatch.Core.Store;

namespace RiskWatch.Adapters.Elasticsearch;

/// <summary>Writes operations in bulk requests, repeats what the server was too busy for, and says what it refuses for good.</summary>
internal sealed class BulkWriter(ElasticClient client, IndexCatalog catalog, ElasticsearchOptions options, TimeProvider time, ILogger logger)
{
    private readonly BulkSize _size = new(options.MaxBulkBytes);
    private readonly Random _random = new();

    /// <summary>Bytes that a request may have now.</summary>
    internal int Bytes => _size.Bytes;

    /// <summary>Writes all; when it returns, what is not rejected is durable. Order does not matter, versions do.</summary>
    /// <exception cref="TransientStoreException">The server stayed busy; some may be written, and doing all again is harmless.</exception>
    public async Task<IReadOnlyList<BulkRejection>> WriteAsync(IReadOnlyList<BulkOperation> operations, CancellationToken cancel)
    {
        foreach (var (family, index) in operations.Select(o => (o.Family, o.Index)).Distinct())
        {
            await catalog.EnsureAsync(family, index, cancel).ConfigureAwait(false);
        }

        var rejections = new List<BulkRejection>();
        var running = new List<Task<List<BulkRejection>>>();
        try
        {
            await using var json = new Utf8JsonWriter(Stream.Null, BulkChunk.Options);
            var chunk = new BulkChunk();
            foreach (var operation in operations)
            {
                chunk.Add(operation, json);
                if (chunk.Bytes >= _size.Bytes / (operations.Count > 1 ? options.BulkRequests : 1))
                {
                    await StartAsync(chunk).ConfigureAwait(false);
                    chunk = new BulkChunk();
                }
            }

            if (chunk.Count > 0)
            {
                await StartAsync(chunk).ConfigureAwait(false);
            }
        }
        finally
        {
            await Task.WhenAll(running.Select(t => (Task)t)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        foreach (var task in running)
        {
            rejections.AddRange(await task.ConfigureAwait(false));
        }

        return rejections;

        async Task StartAsync(BulkChunk chunk)
        {
            var most = _size.Reduced ? 1 : options.BulkRequests;
            while (running.Count(t => !t.IsCompleted) >= most)
            {
                await Task.WhenAny(running.Where(t => !t.IsCompleted)).ConfigureAwait(false);
            }

            running.Add(SendAsync(chunk, cancel));
        }
    }

    private async Task<List<BulkRejection>> SendAsync(BulkChunk chunk, CancellationToken cancel)
    {
        var rejections = new List<BulkRejection>();
        var started = time.GetTimestamp();
        var backoff = new Backoff(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(30), _random);
        var waiting = new Queue<BulkChunk>([chunk]);
        while (waiting.TryDequeue(out var next))
        {
            var response = await client.BulkAsync(next.Lines, cancel).ConfigureAwait(false);
            if (response.Status == 413)
            {
                Halve(next, waiting, rejections);
                continue;
            }

            var again = new List<int>();
            var reason = "";
            if (response.Status == 429)
            {
                again.AddRange(Enumerable.Range(0, next.Count));
                reason = ElasticErrors.Of(response).Words;
            }
            else
            {
                reason = await SortAsync(next, ElasticClient.Read(response, ElasticJson.Default.BulkAnswer), again, rejections, cancel).ConfigureAwait(false);
            }

            if (again.Count == 0)
            {
                _size.WentWell();
                backoff.Reset();
                continue;
            }

            _size.WasBusy();
            if (backoff.Failures == 0)
            {
                AdaptersLog.StoreBusy(logger, reason, _size.Bytes);
            }

            var wait = response.RetryAfter is { } asked && asked > TimeSpan.Zero ? asked : backoff.Next();
            if (time.GetElapsedTime(started) + wait > options.RetryFor)
            {
                throw new TransientStoreException($"The store's server takes no writes: {reason}. Nothing is lost; it goes on by itself.");
            }

            await Task.Delay(wait, time, cancel).ConfigureAwait(false);
            Split(next, again, waiting);
        }

        return rejections;
    }

    private async Task<string> SortAsync(BulkChunk chunk, BulkAnswer answer, List<int> again, List<BulkRejection> rejections, CancellationToken cancel)
    {
        if (!answer.Errors)
        {
            return "";
        }

        if (answer.Items?.Count != chunk.Count)
        {
            throw new TransientStoreException("The store's server answered a bulk request for other documents than were sent.");
        }

        var reason = "";
        for (var i = 0; i < chunk.Count; i++)
        {
            var (operation, result) = (chunk[i], answer.Items[i].Result);
            var words = result.Error is { } cause ? ElasticErrors.Of(cause).Words : "";
            switch (BulkItem.Fate(result))
            {
                case BulkFate.Again:
                    again.Add(i);
                    reason = words;
                    break;
                case BulkFate.NoIndex when operation.Document is not null:
                    catalog.Forget(operation.Index);
                    await catalog.EnsureAsync(operation.Family, operation.Index, cancel).ConfigureAwait(false);
                    again.Add(i);
                    reason = words;
                    break;
                case BulkFate.Refused:
                    rejections.Add(new BulkRejection(operation.Tag, operation.Id, words));
                    break;
                case BulkFate.Misconfigured:
                    throw new StoreConfigurationException(string.Create(CultureInfo.InvariantCulture, $"The store's server refuses to write to {operation.Index} (status {result.Status}: {words})."));
                default:
                    break;
            }
        }

        return reason;
    }

    private static void Halve(BulkChunk chunk, Queue<BulkChunk> waiting, List<BulkRejection> rejections)
    {
        if (chunk.Count == 1)
        {
            rejections.Add(new BulkRejection(chunk[0].Tag, chunk[0].Id, "larger than the server takes a request to be"));
            return;
        }

        waiting.Enqueue(chunk.Part(Enumerable.Range(0, chunk.Count / 2)));
        waiting.Enqueue(chunk.Part(Enumerable.Range(chunk.Count / 2, chunk.Count - (chunk.Count / 2))));
    }

    // What is sent again is cut to the size that fits a busy server.
    private void Split(BulkChunk chunk, List<int> again, Queue<BulkChunk> waiting)
    {
        var pieces = Math.Max(1, (int)Math.Ceiling((double)chunk.Bytes * again.Count / chunk.Count / _size.Bytes));
        foreach (var some in again.Chunk((int)Math.Ceiling((double)again.Count / pieces)))
        {
            waiting.Enqueue(chunk.Part(some));
        }
    }
}
