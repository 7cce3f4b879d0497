using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML;

namespace RiskWatch.Classification.Training;

/// <summary>
/// Fits fast heads, and keeps each fit in a folder under the hash of its recipe and rows, so that a training that was interrupted, or that changes only what
/// follows, does not fit again. A fit from the folder equals one made anew bit by bit.
/// </summary>
internal sealed class HeadFitter(string? folder)
{
    /// <summary>ML.NET's context, with the one seed of all training.</summary>
    public MLContext Ml { get; } = new(seed: 1);

    /// <summary>Fits a recipe to rows.</summary>
    public LinearFit Fit(HeadRecipe recipe, IReadOnlyList<LabelledText> rows, CancellationToken cancel)
    {
        if (folder is null)
        {
            return LinearFit.Fit(recipe, rows, cancel);
        }

        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, KeyOf(recipe, rows) + ".fit");
        if (File.Exists(path))
        {
            return LinearFit.FromBytes(File.ReadAllBytes(path), recipe.Outputs);
        }

        var fit = LinearFit.Fit(recipe, rows, cancel);
        File.WriteAllBytes(path + ".new", fit.ToBytes());
        File.Move(path + ".new", path, overwrite: true);
        return fit;
    }

    private static string KeyOf(HeadRecipe recipe, IReadOnlyList<LabelledText> rows)
    {
        var hash = new XxHash128();
        hash.Append(Encoding.UTF8.GetBytes($"{LinearFit.Procedure} {recipe.Language} {recipe.Labels.Count} {recipe.Regularisation:R} {recipe.Balance:R} {recipe.LeastEvents}\n"));
        foreach (var row in rows)
        {
            hash.Append(MemoryMarshal.AsBytes(row.Text.AsSpan()));
            hash.Append(Encoding.UTF8.GetBytes($"\n{row.Label} {row.Weight:R} {row.Event} {row.Taught}\n"));
        }

        return hash.GetCurrentHashAsUInt128().ToString("x32", null);
    }
}
