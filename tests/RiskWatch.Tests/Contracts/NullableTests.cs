using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using RiskWatch.Contracts;
using Xunit;

namespace RiskWatch.Tests.Contracts;

/// <summary>What we write we can read: a part that is required on reading must be written even when it is null.</summary>
public sealed class NullableTests
{
    public static TheoryData<string> Records() => [.. typeof(Alert).Assembly.GetExportedTypes().Where(t => t.GetMethod("<Clone>$") is not null).Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Records))]
    public void A_nullable_part_without_default_is_always_written(string name)
    {
        var type = typeof(Alert).Assembly.GetExportedTypes().Single(t => t.Name == name);
        var nullability = new NullabilityInfoContext();

        var dropped = type.GetConstructors().SelectMany(c => c.GetParameters())
            .Where(p => !p.HasDefaultValue && nullability.Create(p).ReadState == NullabilityState.Nullable)
            .Where(p => type.GetProperty(p.Name!)?.GetCustomAttribute<JsonIgnoreAttribute>()?.Condition != JsonIgnoreCondition.Never)
            .Select(p => p.Name);

        Assert.Equal([], dropped);
    }

    [Fact]
    public void An_acknowledgement_without_verdict_is_read_as_it_was_written()
    {
        var action = new AlertAction("1", "boston", "a", AlertActionKind.Acknowledge, null, null, null, "Mei", DateTimeOffset.UnixEpoch);

        Assert.Equal(action, JsonSerializer.Deserialize(JsonSerializer.Serialize(action, ContractsJson.Default.AlertAction), ContractsJson.Default.AlertAction));
    }
}
