namespace RiskWatch.Classification.Training;

/// <summary>How a head is trained.</summary>
/// <param name="Name">One of <see cref="Models.HeadNames"/>.</param>
/// <param name="Language">BCP 47.</param>
/// <param name="Labels">Two labels: one output; more: one output each, one against the rest.</param>
/// <param name="Regularisation">L2 of the logistic regression.</param>
/// <param name="Balance">0: rows weigh as they are; 1: all labels weigh the same; between: in between.</param>
internal sealed record HeadRecipe(string Name, string Language, IReadOnlyList<string> Labels, float Regularisation, double Balance)
{
    /// <summary>The second head, over the encoder's vector and the fast scores; null: there is none.</summary>
    public SecondHead? Second { get; init; }

    /// <summary>Features found in texts of fewer events are left out: a place's name says nothing of the next event.</summary>
    public int LeastEvents { get; init; }

    /// <summary>What a text that the encoder stage labelled weighs beside one that a person labelled; 0: the head is not taught.</summary>
    public float TaughtWeight { get; init; }

    /// <summary>Number of outputs.</summary>
    public int Outputs => Labels.Count == 2 ? 1 : Labels.Count;
}

/// <summary>How a second head is trained.</summary>
/// <param name="Regularisation">L2 of the logistic regression over standardised values.</param>
/// <param name="Trust">What a standardised fast score is multiplied by: the more, the less L2 holds against it.</param>
internal sealed record SecondHead(float Regularisation, float Trust);

/// <summary>One labelled set of a head.</summary>
/// <param name="Name">As reports print it.</param>
/// <param name="Rows">In the order they are split by.</param>
/// <param name="ReportFrom">Index of the first row kept for the report; equal to the row count for sets that are only trained on.</param>
/// <param name="Split">What the split is, in words.</param>
internal sealed record HeadSet(string Name, IReadOnlyList<LabelledText> Rows, int ReportFrom, string Split)
{
    /// <summary>Latest part of the training rows that calibration is fitted to.</summary>
    public double CalibrationShare { get; init; } = 0.2;

    /// <summary>The latest so many training rows are encoded for the second head.</summary>
    public int MostEncoded { get; init; } = 20_000;

    /// <summary>Of so many first rows those before the latest part, which calibrates; of a set that is only trained on, all.</summary>
    public int Early(int rows) => ReportFrom == Rows.Count ? rows : (int)(rows * (1 - CalibrationShare));
}

/// <summary>A head's recipe with its sets.</summary>
internal sealed record HeadData(HeadRecipe Recipe, IReadOnlyList<HeadSet> Sets);
