using RiskWatch.Core.Log;

namespace RiskWatch.Tests.Support;

/// <summary>
/// Real stages on a log in memory, without threads: a seeded chooser decides which worker moves next, how large its batch is and when it crashes, so
/// that a property can say "any cut, any interleaving, any interruption". State and outputs take effect at commits only, as on the real log.
/// </summary>
internal sealed class StageDriver(IReadOnlyDictionary<string, int> partitions)
{
    private readonly Dictionary<string, List<LogMessage>[]> _topics = partitions.ToDictionary(p => p.Key, p => Enumerable.Range(0, p.Value).Select(_ => new List<LogMessage>()).ToArray());
    private readonly List<Worker> _workers = [];
    private long _appended;

    /// <summary>Ingest time of the first entry; later ones are a microsecond apart.</summary>
    public DateTimeOffset Start { get; init; } = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public IReadOnlyList<LogMessage>[] Topic(string name) => _topics[name];

    /// <summary>Adds a stage with one worker for each group of its input's partitions.</summary>
    public void Add(Func<IStage> create, int workers = 1)
    {
        var input = create().Definition.Input;
        foreach (var owned in Enumerable.Range(0, _topics[input].Length).GroupBy(p => p % workers))
        {
            var worker = new Worker(create(), [.. owned]);
            worker.Restart();
            _workers.Add(worker);
        }
    }

    public void Append(IEnumerable<LogOutput> outputs)
    {
        foreach (var output in outputs)
        {
            var topic = _topics[output.Topic];
            switch (output.Route)
            {
                case OutputRoute.ToAllPartitions:
                    for (var p = 0; p < topic.Length; p++)
                    {
                        Append(output, topic, p);
                    }

                    break;
                case OutputRoute.ToPartition:
                    Append(output, topic, output.Partition);
                    break;
                default:
                    Append(output, topic, PartitionHash.Of(output.PartitionKey ?? output.Key, topic.Length));
                    break;
            }
        }
    }

    /// <summary>Moves workers in the order that <paramref name="random"/> chooses until all input is handled and committed.</summary>
    public async Task RunAsync(Random random, int largestBatch = 50, double crashes = 0)
    {
        while (true)
        {
            var able = _workers.Where(w => w.CanRead(_topics)).ToArray();
            if (able.Length == 0)
            {
                return;
            }

            var worker = able[random.Next(able.Length)];
            if (random.NextDouble() < crashes)
            {
                worker.Restart();
                continue;
            }

            Append(await worker.StepAsync(_topics, random, largestBatch));
        }
    }

    private void Append(LogOutput output, List<LogMessage>[] topic, int partition) =>
        topic[partition].Add(new LogMessage(output.Topic, partition, topic[partition].Count, output.Key, output.Type, Schema.Current, output.Value, Start.AddMicroseconds(_appended++)));

    private sealed class Worker(IStage stage, int[] owned)
    {
        private readonly Dictionary<int, Dictionary<string, ReadOnlyMemory<byte>>> _state = owned.ToDictionary(p => p, _ => new Dictionary<string, ReadOnlyMemory<byte>>());
        private readonly Dictionary<int, int> _committed = owned.ToDictionary(p => p, _ => 0);
        private readonly Dictionary<int, int> _position = owned.ToDictionary(p => p, _ => 0);
        private readonly List<LogOutput> _outputs = [];
        private readonly List<StateChange> _changes = [];

        public bool CanRead(Dictionary<string, List<LogMessage>[]> topics) => owned.Any(p => _position[p] < topics[stage.Definition.Input][p].Count);

        public void Restart()
        {
            _outputs.Clear();
            _changes.Clear();
            foreach (var partition in owned)
            {
                _position[partition] = _committed[partition];
                stage.Assign(new PartitionAssignment(partition, new Dictionary<string, ReadOnlyMemory<byte>>(_state[partition])));
            }
        }

        public async Task<IReadOnlyList<LogOutput>> StepAsync(Dictionary<string, List<LogMessage>[]> topics, Random random, int largestBatch)
        {
            var batch = new List<LogMessage>();
            foreach (var partition in owned)
            {
                var entries = topics[stage.Definition.Input][partition];
                var take = Math.Min(random.Next(largestBatch + 1), entries.Count - _position[partition]);
                batch.AddRange(entries.GetRange(_position[partition], take));
                _position[partition] += take;
            }

            if (batch.Count == 0)
            {
                return [];
            }

            var result = await stage.HandleAsync(batch, CancellationToken.None);
            _outputs.AddRange(result.Outputs);
            _changes.AddRange(result.StateChanges);
            if (!result.Commit)
            {
                return result.EarlyOutputs;
            }

            foreach (var change in _changes)
            {
                if (change.Value is { } value)
                {
                    _state[change.Partition][change.Key] = value.ToArray();
                }
                else
                {
                    _state[change.Partition].Remove(change.Key);
                }
            }

            foreach (var partition in owned)
            {
                _committed[partition] = _position[partition];
            }

            LogOutput[] outputs = [.. result.EarlyOutputs, .. _outputs];
            _outputs.Clear();
            _changes.Clear();
            return outputs;
        }
    }
}
