namespace RiskWatch.Core.Text;

/// <summary>Lower case of single characters by table: <see cref="char.ToLowerInvariant"/> crosses into ICU for every character beyond ASCII, which costs more than matching it.</summary>
public static class LowerCase
{
    private static readonly char[] Table = Make();

    /// <summary>The same as <see cref="char.ToLowerInvariant"/>.</summary>
    public static char Of(char c) => Table[c];

    private static char[] Make()
    {
        var table = new char[char.MaxValue + 1];
        for (var c = 0; c < table.Length; c++)
        {
            table[c] = char.ToLowerInvariant((char)c);
        }

        return table;
    }
}
