using RiskWatch.Contracts;
using RiskWatch.Core.Store;

namespace RiskWatch.Web.Live;

/// <summary>What of an assessment is worth showing beside a record.</summary>
internal static class RecordTexts
{
    // Where the model card's yes-or-no heads decide; of seven departments, more than all the others together.
    private const double MoreLikelyThanNot = 0.5;

    /// <summary>
    /// The department that would handle it, null where none is worth naming. The head names one of its seven for whatever it is given, a star's wedding too: a
    /// post's is shown only where the post has a topic of public affairs, and relevance and department are each more likely than not. A call to the hotline is the public's affair as it is.
    /// </summary>
    public static DepartmentAssessment? Department(StoredRecord stored) =>
        stored.Assessment is { Department: { } department } assessment
        && (stored.Record.Kind == RecordKind.Hotline
            || (assessment.Topics.Count > 0 && assessment.Relevance.Probability >= MoreLikelyThanNot && department.Probability >= MoreLikelyThanNot))
            ? department
            : null;
}
