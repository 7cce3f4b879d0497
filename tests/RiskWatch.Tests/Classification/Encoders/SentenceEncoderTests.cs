using RiskWatch.Classification.Encoders;
using RiskWatch.Classification.Models;
using Xunit;

namespace RiskWatch.Tests.Classification.Encoders;

public sealed class SentenceEncoderTests : IDisposable
{
    private readonly SentenceEncoder _chinese = SentenceEncoder.Load(EncoderModel.DefaultFolder, "zh")!;

    public void Dispose() => _chinese.Dispose();

    [Fact]
    public void A_vector_does_not_depend_on_its_company()
    {
        string[] texts = ["郑州暴雨,地铁停运", "今天天气真好", "转发:吃了会致癌", "nba总决赛", "a", "暴雨暴雨暴雨暴雨暴雨暴雨暴雨暴雨暴雨暴雨暴雨暴雨"];
        var alone = texts.Select(t => _chinese.Encode(t)).ToList();
        var seen = new float[texts.Length * 8][];
        Parallel.For(0, seen.Length, i => seen[i] = _chinese.Encode(texts[i * 5 % texts.Length]));
        Assert.All(Enumerable.Range(0, seen.Length), i => Assert.Equal(alone[i * 5 % texts.Length], seen[i]));
    }

    [Fact]
    public void A_vector_is_two_directions()
    {
        var vector = _chinese.Encode("郑州暴雨");
        Assert.Equal(_chinese.Dimensions, vector.Length);
        Assert.Equal(1, Length(vector.AsSpan(0, vector.Length / 2)), 1e-4);
        Assert.Equal(1, Length(vector.AsSpan(vector.Length / 2)), 1e-4);
    }

    [Fact]
    public void What_means_the_same_lies_closer_than_what_shares_characters()
    {
        var rain = _chinese.Encode("郑州下大雨,地铁停了");
        Assert.True(Likeness(rain, _chinese.Encode("河南暴雨,轨道交通中断")) > Likeness(rain, _chinese.Encode("郑州地铁招聘,大量岗位")));
    }

    [Fact]
    public void No_text_makes_it_throw()
    {
        string[] texts = ["", " ", "\0", "\uD83D", "😭", new string('好', 100_000), new string('a', 100_000), string.Concat(Enumerable.Repeat("😂", 5000))];
        foreach (var text in texts)
        {
            Assert.All(_chinese.Encode(text), v => Assert.True(float.IsFinite(v)));
        }
    }

    [Fact]
    public void A_folder_without_the_language_has_no_encoder() => Assert.Null(SentenceEncoder.Load(EncoderModel.DefaultFolder, "ja"));

    [Fact]
    public void A_vocabulary_that_is_missing_is_named()
    {
        var folder = Directory.CreateTempSubdirectory("riskwatch-encoder-").FullName;
        try
        {
            File.WriteAllBytes(Path.Combine(folder, "zh.onnx"), [1, 2, 3]);
            Assert.Contains("zh.vocab.txt' is missing", Assert.Throws<ModelFileException>(() => SentenceEncoder.Load(folder, "zh")).Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Length(ReadOnlySpan<float> vector) => Math.Sqrt(vector.ToArray().Sum(v => (double)v * v));

    private static double Likeness(float[] a, float[] b) => a.Zip(b).Sum(p => (double)p.First * p.Second);
}
