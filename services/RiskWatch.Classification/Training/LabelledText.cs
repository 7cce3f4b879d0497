namespace RiskWatch.Classification.Training;

/// <summary>A text with its label.</summary>
/// <param name="Text">As its author wrote it, not folded.</param>
/// <param name="Label">Index of the head's label.</param>
/// <param name="Order">What rows are split by: seconds since 1970 where the set has times, else a number that keeps the set's own order.</param>
/// <param name="Weight">Weight in training.</param>
internal sealed record LabelledText(string Text, int Label, long Order, float Weight = 1);
