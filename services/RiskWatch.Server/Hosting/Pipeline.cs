using RiskWatch.Contracts;
using RiskWatch.Core.Hosting;
using RiskWatch.Core.Log;

namespace RiskWatch.Server.Hosting;

/// <summary>What a run of the whole pipeline over a finite input needs: to know when it is through, and its alerts.</summary>
internal static class Pipeline
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits until every stage of these roles has passed the end of its input. Stages are asked in the order in which data travels, so one pass without lag is enough.</summary>
    /// <exception cref="PipelineFailedException">A service stopped with a failure.</exception>
    public static async Task DrainAsync(IHost host, IReadOnlySet<string> roles, CancellationToken cancel)
    {
        var log = host.Services.GetRequiredService<IEventLog>();
        var stages = Stages(host.Services, roles);
        while (!await CaughtUpAsync(log, stages, cancel))
        {
            Fail(host);
            await Task.Delay(Poll, TimeProvider.System, cancel);
        }

        Fail(host);
    }

    /// <summary>Stages of these roles, in the order in which data travels.</summary>
    public static IReadOnlyList<StageRegistration> Stages(IServiceProvider services, IReadOnlySet<string> roles)
    {
        string[] order = [Topics.Records, Topics.Scored, Topics.Tallies, Topics.History, Topics.Signals, Topics.Alerts];
        return [.. services.GetServices<StageRegistration>().Where(s => roles.Contains(s.Role)).OrderBy(s => Array.IndexOf(order, s.Definition.Input))];
    }

    /// <summary>Shows every entry that is in a topic now.</summary>
    public static async Task EachAsync(IEventLog log, string topic, Action<LogMessage> take, CancellationToken cancel)
    {
        await using var tail = log.Tail(topic, fromBeginning: true);
        while (!tail.CaughtUp)
        {
            foreach (var message in await tail.ReadAsync(Poll, cancel))
            {
                take(message);
            }
        }
    }

    /// <summary>All confirmed alerts in their final state, by time raised and then id.</summary>
    public static async Task<IReadOnlyList<Alert>> AlertsAsync(IEventLog log, CancellationToken cancel)
    {
        var alerts = new Dictionary<string, Alert>(StringComparer.Ordinal);
        await EachAsync(
            log,
            Topics.Alerts,
            message =>
            {
                if (message.Type == EntryTypes.Alert && message.Value is not null)
                {
                    var alert = Entries.Read(message, ContractsJson.Default.Alert);
                    alerts[alert.Id] = alert;
                }
            },
            cancel);
        return [.. alerts.Values.Where(a => a.Status is AlertStatus.Open or AlertStatus.Ended or AlertStatus.Closed)
            .OrderBy(a => a.RaisedAt).ThenBy(a => a.Id, StringComparer.Ordinal)];
    }

    /// <summary>End of the last tick that every site has decided; null where none has.</summary>
    public static async Task<DateTimeOffset?> EarliestDecidedAsync(IEventLog log, CancellationToken cancel)
    {
        var ticks = new Dictionary<string, long>(StringComparer.Ordinal);
        await EachAsync(
            log,
            Topics.Alerts,
            message =>
            {
                if (message.Type == EntryTypes.SiteTick)
                {
                    var tick = Entries.Read(message, ContractsJson.Default.SiteTick);
                    ticks[tick.Site] = tick.Tick;
                }
            },
            cancel);

        return ticks.Count == 0 ? null : DateTimeOffset.FromUnixTimeSeconds((ticks.Values.Min() + 1) * 60);
    }

    /// <summary>Whether each of these stages, asked in turn, has passed the end of its input.</summary>
    public static async Task<bool> CaughtUpAsync(IEventLog log, IReadOnlyList<StageRegistration> stages, CancellationToken cancel)
    {
        foreach (var stage in stages)
        {
            var ends = await log.EndOffsetsAsync(stage.Definition.Input, cancel);
            var committed = await log.CommittedOffsetsAsync(stage.Definition.Group, stage.Definition.Input, cancel);
            if (ends.Zip(committed).Any(pair => pair.Second < pair.First))
            {
                return false;
            }
        }

        return true;
    }

    private static void Fail(IHost host)
    {
        if (RiskWatchHost.Failed(host) is { } failure)
        {
            throw new PipelineFailedException(failure);
        }
    }
}

/// <summary>A service of the pipeline stopped; the inner exception says why.</summary>
internal sealed class PipelineFailedException : Exception
{
    public PipelineFailedException(Exception inner)
        : base(inner.Message, inner)
    {
    }
}
