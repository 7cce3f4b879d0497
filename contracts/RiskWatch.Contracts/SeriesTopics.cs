namespace RiskWatch.Contracts;

/// <summary>Topics that no taxonomy holds.</summary>
public static class SeriesTopics
{
    /// <summary>Everything: all records of a place.</summary>
    public const string Everything = "*";

    /// <summary>Posts of band likely-false, whatever they are about: counted by distinct (author, near-duplicate group) pairs without a discount, so that a surge of them is a warning of its own.</summary>
    public const string LikelyFalse = "likely-false";
}
