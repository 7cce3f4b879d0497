namespace RiskWatch.Core.Text;

/// <summary>A part of a text and what it does to a score.</summary>
/// <param name="Start">First character, in the text as it was given.</param>
/// <param name="Length">Characters.</param>
/// <param name="Text">The characters themselves.</param>
/// <param name="Weight">Log-odds that the score loses without them: above 0 they speak for it, below 0 against it.</param>
public sealed record ExplainedPart(int Start, int Length, string Text, double Weight);

/// <summary>Why the fast heads say what they say: the strongest parts of a text for and against false content and a negative mood.</summary>
/// <param name="False">For and against false content, strongest first.</param>
/// <param name="Negative">For and against a negative mood, strongest first.</param>
public sealed record Explanation(IReadOnlyList<ExplainedPart> False, IReadOnlyList<ExplainedPart> Negative);

/// <summary>Explains what the fast heads say of a text. Thread-safe.</summary>
public interface IExplainer
{
    /// <summary>Explains a text in a language (BCP 47); empty where the language has no heads.</summary>
    Explanation Explain(string text, string language);
}
