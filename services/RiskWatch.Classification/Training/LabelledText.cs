namespace RiskWatch.Classification.Training;

/// <summary>A text with its label.</summary>
/// <param name="Text">As its author wrote it, not folded.</param>
/// <param name="Label">Index of the head's label.</param>
/// <param name="Order">What rows are split by: seconds since 1970 where the set has times, else a number that keeps the set's own order.</param>
/// <param name="Weight">Weight in training.</param>
internal sealed record LabelledText(string Text, int Label, long Order, float Weight = 1)
{
    /// <summary>Id in its set, where reposts name it.</summary>
    public string? Id { get; init; }

    /// <summary>What the text is about, where a set is of several events; null: nothing in particular.</summary>
    public string? Event { get; init; }

    /// <summary>Whether the encoder stage labelled it rather than a person.</summary>
    public bool Taught { get; init; }
}
