namespace RiskWatch.Server.Benchmarks.Chaos;

/// <summary>Kinds of fault.</summary>
internal enum FaultKind
{
    /// <summary>kill -9 of a role's process.</summary>
    KillProcess,

    /// <summary>SIGTERM of a role's process, and its next start: what an upgrade does.</summary>
    RestartProcess,

    /// <summary>SIGSTOP of a role's process for longer than its session, so that it wakes up as a zombie.</summary>
    PauseProcess,

    /// <summary>kill -9 of one broker of three.</summary>
    KillBroker,

    /// <summary>SIGSTOP of a broker.</summary>
    StallBroker,

    /// <summary>kill -9 of Elasticsearch.</summary>
    KillStore,
}

/// <summary>One fault.</summary>
/// <param name="Kind">Kind.</param>
/// <param name="Victim">Which of those that there are of its kind; counted modulo their number.</param>
/// <param name="Lasts">How long the victim is away before it is brought back.</param>
/// <param name="Pause">How long after the last victim was back.</param>
internal sealed record Fault(FaultKind Kind, int Victim, TimeSpan Lasts, TimeSpan Pause);

/// <summary>Which faults come, one after another: a function of the seed alone.</summary>
internal static class FaultPlan
{
    // Shares of a bag of ten; each bag has every kind.
    private static readonly FaultKind[] Bag =
    [
        FaultKind.KillProcess, FaultKind.KillProcess, FaultKind.KillProcess, FaultKind.RestartProcess, FaultKind.PauseProcess, FaultKind.PauseProcess,
        FaultKind.KillBroker, FaultKind.StallBroker, FaultKind.StallBroker, FaultKind.KillStore,
    ];

    public static IEnumerable<Fault> Of(int seed, IReadOnlySet<FaultKind> kinds)
    {
        var random = new Random(seed);
        var victims = Enum.GetValues<FaultKind>().ToDictionary(kind => kind, _ => random.Next(100));
        while (true)
        {
            FaultKind[] bag = [.. Bag.Where(kinds.Contains)];
            random.Shuffle(bag);
            foreach (var kind in bag)
            {
                // In turn, so that none is spared.
                yield return new Fault(kind, victims[kind]++, Between(random, Range(kind)), TimeSpan.FromSeconds(5 * random.NextDouble()));
            }
        }
    }

    // The session is 6 s, a transaction's time-out 10 s, a broker's session 9 s: each is missed, and each is passed.
    private static (double Least, double Most) Range(FaultKind kind) => kind switch
    {
        FaultKind.KillProcess => (0, 8),
        FaultKind.RestartProcess => (0, 1),
        FaultKind.PauseProcess => (7, 14),
        FaultKind.StallBroker => (4, 15),
        _ => (0, 5),
    };

    private static TimeSpan Between(Random random, (double Least, double Most) range) => TimeSpan.FromSeconds(range.Least + ((range.Most - range.Least) * random.NextDouble()));
}
