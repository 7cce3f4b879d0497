using Microsoft.Extensions.DependencyInjection;

namespace RiskWatch.Notification;

/// <summary>Wires notification into the host.</summary>
public static class NotificationService
{
    /// <summary>Adds what the role needs.</summary>
    public static IServiceCollection AddNotification(this IServiceCollection services) => services;
}
