using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RiskWatch.Classification;
using RiskWatch.Classification.Stage;
using Xunit;

namespace RiskWatch.Tests.Classification.Stage;

/// <summary>The bounds are an operator's to set, and a wrong one is named.</summary>
public sealed class ClassificationOptionsTests
{
    [Fact]
    public void The_bounds_are_read_from_the_configuration() =>
        Assert.Equal(5, Options("MaxHeldContributions", "5").MaxHeldContributions);

    [Theory]
    [InlineData("MaxHeldContributions", "0")]
    [InlineData("MaxTerms", "9")]
    public void A_bound_out_of_range_is_refused_by_name(string key, string value) =>
        Assert.Contains(key, Assert.Throws<OptionsValidationException>(() => Options(key, value)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_misspelt_bound_is_refused_by_name() =>
        Assert.Contains("MaxTerm'", Assert.Throws<InvalidOperationException>(() => Options("MaxTerm", "8")).Message, StringComparison.Ordinal);

    private static ClassificationOptions Options(string key, string value)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new($"{ClassificationOptions.Section}:{key}", value)]).Build();
        using var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddClassification().BuildServiceProvider();
        return services.GetRequiredService<IOptions<ClassificationOptions>>().Value;
    }
}
