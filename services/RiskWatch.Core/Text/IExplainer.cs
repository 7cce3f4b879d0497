using RiskWatch.Contracts;

namespace RiskWatch.Core.Text;

/// <summary>A part of a text and what it does to a score.</summary>
/// <param name="Start">First character, in the text as it was given.</param>
/// <param name="Length">Characters.</param>
/// <param name="Text">The characters themselves.</param>
/// <param name="Weight">Log-odds that the score loses without them: above 0 they speak for it, below 0 against it.</param>
public sealed record ExplainedPart(int Start, int Length, string Text, double Weight);

/// <summary>A text that people labelled and that lies near the one asked about.</summary>
/// <param name="Label">What people called it.</param>
/// <param name="Similarity">Cosine of the two vectors.</param>
public sealed record ExplainedNeighbour(string Label, double Similarity);

/// <summary>
/// Why a stage says what it says. The fast stage: the strongest parts of the text for and against false content and a negative mood. The encoder stage: what the labelled
/// texts nearest to it are called.
/// </summary>
/// <param name="False">For and against false content, strongest first.</param>
/// <param name="Negative">For and against a negative mood, strongest first.</param>
/// <param name="FalseNeighbours">Nearest texts labelled <c>true</c> or <c>false</c>, nearest first; null where the encoder did not decide.</param>
/// <param name="MoodNeighbours">Nearest texts labelled with a mood; null likewise.</param>
public sealed record Explanation(
    IReadOnlyList<ExplainedPart> False, IReadOnlyList<ExplainedPart> Negative,
    IReadOnlyList<ExplainedNeighbour>? FalseNeighbours = null, IReadOnlyList<ExplainedNeighbour>? MoodNeighbours = null);

/// <summary>Explains what is said of a text. Thread-safe.</summary>
public interface IExplainer
{
    /// <summary>Explains a text in a language (BCP 47) as the stage that decided saw it; empty where the language has no heads.</summary>
    Explanation Explain(string text, string language, ClassificationStageKind stage);
}
