using System.Globalization;
using Quartz;
using RiskWatch.Core.Stability;

namespace RiskWatch.Server.Jobs;

/// <summary>Wires the scheduled jobs into the host: role <c>jobs</c>.</summary>
internal static class JobsService
{
    /// <summary>Adds the scheduler, the daily retention job and the look for drift every six hours.</summary>
    public static IServiceCollection AddJobs(this IServiceCollection services, RetentionOptions retention)
    {
        services.AddSingleton(retention).AddTransient<RetentionJob>().AddSingleton<StabilityReader>().AddSingleton<StabilityMetrics>().AddTransient<StabilityJob>();
        services.AddQuartz(quartz =>
        {
            quartz.AddJob<RetentionJob>(job => job.WithIdentity("retention"));
            quartz.AddTrigger<RetentionJob>(trigger => trigger.ForJob("retention").WithIdentity("retention-daily")
                .WithCronSchedule(string.Create(CultureInfo.InvariantCulture, $"0 10 {retention.Hour} * * ?")));
            quartz.AddJob<StabilityJob>(job => job.WithIdentity("stability"));
            quartz.AddTrigger<StabilityJob>(trigger => trigger.ForJob("stability").WithIdentity("stability-often").WithCronSchedule("0 20 0/6 * * ?"));
        });
        return services.AddQuartzHostedService(hosted => hosted.WaitForJobsToComplete = false);
    }
}
