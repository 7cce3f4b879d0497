namespace RiskWatch.Core.Hosting;

/// <summary>This process among those that run the same roles: the same after a restart, and no other's. Members of groups and transactional ids derive from it.</summary>
public sealed record InstanceName(string Value);
