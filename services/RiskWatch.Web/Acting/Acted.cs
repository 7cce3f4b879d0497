namespace RiskWatch.Web.Acting;

/// <summary>How a person's act went.</summary>
public enum ActedOutcome
{
    /// <summary>Recorded in the log.</summary>
    Done,

    /// <summary>There is no such object.</summary>
    NotFound,

    /// <summary>Somebody or something was faster: withdrawn, closed, or dealt with already.</summary>
    TooLate,

    /// <summary>What was asked for is not valid.</summary>
    Invalid,
}

/// <summary>Result of an act.</summary>
/// <param name="Outcome">How it went.</param>
/// <param name="Changes">Objects changed.</param>
/// <param name="Errors">What is not valid, each message under the place it is about.</param>
public sealed record Acted(ActedOutcome Outcome, int Changes = 1, IReadOnlyList<KeyValuePair<string, string>>? Errors = null);
