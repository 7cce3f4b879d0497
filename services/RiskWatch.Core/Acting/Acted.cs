namespace RiskWatch.Core.Acting;

/// <summary>How a person's act went.</summary>
public enum ActedOutcome
{
    /// <summary>Recorded in the log; durable.</summary>
    Done,

    /// <summary>There is no such object; nothing was recorded.</summary>
    NotFound,

    /// <summary>The alert was withdrawn: the act is recorded and opens nothing (LOG §7.2). A dead letter: somebody was faster, nothing was recorded.</summary>
    TooLate,

    /// <summary>What was asked for is not valid; nothing was recorded.</summary>
    Invalid,
}

/// <summary>Something that is not valid.</summary>
/// <param name="Path">Place in the document, such as <c>[0].levels[1].pValue</c>, or the parameter.</param>
/// <param name="Message">What it must be.</param>
public sealed record ActingError(string Path, string Message);

/// <summary>Result of an act.</summary>
/// <param name="Outcome">How it went.</param>
/// <param name="Changes">Objects changed.</param>
/// <param name="Errors">What is not valid; null where all is.</param>
public sealed record Acted(ActedOutcome Outcome, int Changes = 1, IReadOnlyList<ActingError>? Errors = null)
{
    /// <summary>There is no such object.</summary>
    public static Acted NotFound { get; } = new(ActedOutcome.NotFound, 0);

    /// <summary>Not valid, for these reasons.</summary>
    public static Acted Invalid(params IReadOnlyList<ActingError> errors) => new(ActedOutcome.Invalid, 0, errors);
}
