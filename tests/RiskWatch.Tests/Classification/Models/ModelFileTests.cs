using RiskWatch.Classification.Models;
using Xunit;

namespace RiskWatch.Tests.Classification.Models;

public sealed class ModelFileTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"riskwatch-{Guid.NewGuid():N}.bin");
    private readonly byte[] _good = File.ReadAllBytes(FastModel.DefaultPath);

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void A_missing_file_is_named() => AssertRefused(null, "is missing");

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(1000)]
    [InlineData(-1)]
    public void A_file_cut_short_is_refused(int length) => AssertRefused(length < 0 ? _good[..^1] : _good[..length], "is cut short");

    [Fact]
    public void A_file_of_another_version_is_refused()
    {
        _good[8] = 99;
        AssertRefused(_good, "has format version 99");
    }

    [Fact]
    public void A_damaged_file_is_refused()
    {
        _good[^100] ^= 1;
        AssertRefused(_good, "is damaged");
    }

    [Fact]
    public void Another_kind_of_file_is_refused()
    {
        _good[0] ^= 1;
        AssertRefused(_good, "is no RiskWatch model");
    }

    [Fact]
    public void The_shipped_model_is_small_and_whole()
    {
        Assert.InRange(_good.Length, 100_000, 4_194_304);
        var model = FastModel.Load(FastModel.DefaultPath);
        Assert.True(model.Knows("zh-Hans") && model.Knows("en") && !model.Knows("ja"));
        Assert.Equal(7, model.Departments.Count);
    }

    private void AssertRefused(byte[]? content, string fault)
    {
        if (content is not null)
        {
            File.WriteAllBytes(_path, content);
        }

        var refused = Assert.Throws<ModelFileException>(() => FastModel.Load(_path));
        Assert.Contains(_path, refused.Message, StringComparison.Ordinal);
        Assert.Contains(fault, refused.Message, StringComparison.Ordinal);
    }
}
