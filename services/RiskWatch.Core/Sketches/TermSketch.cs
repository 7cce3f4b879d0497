namespace RiskWatch.Core.Sketches;

/// <summary>The linear sketch of terms (LOG §4.4): 2^16 signed cells under a fixed seed, one per term; sums of cells are counts of the terms in them.</summary>
public static class TermSketch
{
    /// <summary>Number of cells.</summary>
    public const int Cells = 1 << 16;

    /// <summary>Number of voices.</summary>
    public const int Voices = 64;

    private const ulong Seed = 0x7465726D; // "term"
    private const ulong VoiceSeed = 0x766F696365; // "voice"

    /// <summary>Cell of a term.</summary>
    public static int Cell(string term) => (int)(SketchHash.Of(term, Seed) % Cells);

    /// <summary>Voice of an author.</summary>
    public static int Voice(uint author) => (int)(SketchHash.Mix(author ^ VoiceSeed) % Voices);
}
