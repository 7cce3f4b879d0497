using Microsoft.ML.Data;
using RiskWatch.Classification.Models;

namespace RiskWatch.Classification.Training;

/// <summary>A row as ML.NET sees it: √count of each hashed feature × its rarity / √(number of features).</summary>
internal sealed class MlRow
{
    public bool Label { get; set; }

    public float Weight { get; set; } = 1;

    public VBuffer<float> Features { get; set; }

    /// <summary>Schema with the true width of the vector.</summary>
    public static SchemaDefinition Schema()
    {
        var schema = SchemaDefinition.Create(typeof(MlRow));
        schema[nameof(Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, FeatureHasher.Buckets);
        return schema;
    }
}

/// <summary>What ML.NET's prediction says of a row.</summary>
internal sealed class MlScore
{
    public float Score { get; set; }
}

/// <summary>The features of one text: distinct buckets in order, and √count / √(number of features) of each.</summary>
internal readonly record struct SparseText(int[] Buckets, float[] Values)
{
    /// <summary>Extracts the features of a text.</summary>
    public static SparseText Of(string text)
    {
        var features = ScoringScratch.Current.Features(text).ToArray();
        Array.Sort(features);
        var buckets = new List<int>();
        var values = new List<float>();
        var norm = 1 / MathF.Sqrt(Math.Max(1, features.Length));
        for (var i = 0; i < features.Length;)
        {
            var next = i;
            while (next < features.Length && features[next] == features[i])
            {
                next++;
            }

            buckets.Add(features[i]);
            values.Add(MathF.Sqrt(Math.Min(next - i, 256)) * norm);
            i = next;
        }

        return new SparseText([.. buckets], [.. values]);
    }

    /// <summary>As a vector, each value times its feature's rarity.</summary>
    public VBuffer<float> Times(float[] rarity)
    {
        var scaled = new float[Values.Length];
        for (var i = 0; i < scaled.Length; i++)
        {
            scaled[i] = Values[i] * rarity[Buckets[i]];
        }

        return new VBuffer<float>(FeatureHasher.Buckets, scaled.Length, scaled, Buckets);
    }
}
