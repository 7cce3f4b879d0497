using Xunit;

namespace RiskWatch.Tests.Web;

/// <summary>One seeded console for all tests of a class, which only read it or look at their own part of it.</summary>
public sealed class SeededHost : IAsyncLifetime
{
    internal WebHost Host { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Host = await (await WebHost.StartAsync()).SeedAsync();

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
