namespace RiskWatch.Server.Benchmarks.Chaos;

/// <summary>What a chaos run does.</summary>
internal sealed record ChaosPlan
{
    /// <summary>At most so many faults; null: as many as fit into <see cref="Minutes"/>.</summary>
    public int? Faults { get; init; }

    /// <summary>For how long faults come at most; null: until there were <see cref="Faults"/>.</summary>
    public double? Minutes { get; init; }

    /// <summary>Rows a second. Default 100.</summary>
    public int Rate { get; init; } = 100;

    /// <summary>How long recovery from a fault may take. Default 60 s; more where other work shares the machine.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>What the faults are a function of. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Kinds of fault that may come. Default: all.</summary>
    public IReadOnlySet<FaultKind> Kinds { get; init; } = new HashSet<FaultKind>(Enum.GetValues<FaultKind>());

    /// <summary>Web processes. Default 1; with two the feed can be looked at while one of them restarts.</summary>
    public int Webs { get; init; } = 1;

    /// <summary>Scripts of the servers; see <see cref="ChaosServers.Find"/>.</summary>
    public DirectoryInfo? Servers { get; init; }

    /// <summary>First port of Kafka; its three brokers take it and those 1, 10, 11, 20 and 21 behind it. Default 19692.</summary>
    public int KafkaPort { get; init; } = 19692;

    /// <summary>Port of Elasticsearch. Default 19269.</summary>
    public int ElasticsearchPort { get; init; } = 19269;

    /// <summary>Where data and what the processes say are kept; null: a temporary folder, deleted at the end.</summary>
    public string? Keep { get; init; }

    /// <summary>Rows of the input: more than the faults last, since a fault on an idle pipeline proves little.</summary>
    public int Rows => Rate * (int)(60 + Math.Min(Faults * 25 ?? double.MaxValue, Minutes * 75 ?? double.MaxValue));

    /// <summary>Whether these were faults enough.</summary>
    public bool Enough(int faults, TimeSpan since) => faults >= Faults || since.TotalMinutes >= Minutes;
}
