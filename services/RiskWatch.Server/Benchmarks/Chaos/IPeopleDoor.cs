using RiskWatch.Contracts;

namespace RiskWatch.Server.Benchmarks.Chaos;

/// <summary>How an act was answered.</summary>
internal enum DoorAnswer
{
    /// <summary>It is recorded.</summary>
    Done,

    /// <summary>It was done before, and this changed nothing.</summary>
    Already,

    /// <summary>Nobody answered, or nobody could: whether it is recorded is not known.</summary>
    Unknown,
}

/// <summary>Where <see cref="People"/> act: the command line or the API. Lists are null where nobody could answer.</summary>
internal interface IPeopleDoor
{
    Task<IReadOnlyList<Rule>?> RulesAsync(CancellationToken cancel);

    Task<DoorAnswer> ApplyAsync(IReadOnlyList<Rule> rules, string effectiveFrom, CancellationToken cancel);

    /// <summary>Ids of open letters of this reason.</summary>
    Task<IReadOnlyList<string>?> LettersAsync(DeadLetterReason reason, CancellationToken cancel);

    Task<DoorAnswer> RetryAsync(string letter, CancellationToken cancel);

    /// <summary>Confirmed alerts, oldest first.</summary>
    Task<IReadOnlyList<Alert>?> AlertsAsync(CancellationToken cancel);

    Task<DoorAnswer> AcknowledgeAsync(string alert, string actionId, CancellationToken cancel);

    Task<DoorAnswer> CloseAsync(string alert, string actionId, CancellationToken cancel);
}
