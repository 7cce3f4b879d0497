using System.Globalization;
using Quartz;

namespace RiskWatch.Server.Jobs;

/// <summary>Wires the scheduled jobs into the host: role <c>jobs</c>.</summary>
internal static class JobsService
{
    /// <summary>Adds the scheduler and the daily retention job.</summary>
    public static IServiceCollection AddJobs(this IServiceCollection services, RetentionOptions retention)
    {
        services.AddSingleton(retention).AddTransient<RetentionJob>();
        services.AddQuartz(quartz =>
        {
            quartz.AddJob<RetentionJob>(job => job.WithIdentity("retention"));
            quartz.AddTrigger<RetentionJob>(trigger => trigger.ForJob("retention").WithIdentity("retention-daily")
                .WithCronSchedule(string.Create(CultureInfo.InvariantCulture, $"0 10 {retention.Hour} * * ?")));
        });
        return services.AddQuartzHostedService(hosted => hosted.WaitForJobsToComplete = false);
    }
}
