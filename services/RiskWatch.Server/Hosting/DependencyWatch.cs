using System.Collections.Concurrent;
using RiskWatch.Contracts;
using RiskWatch.Core.Hosting;
using RiskWatch.Core.Log;
using RiskWatch.Core.Store;

namespace RiskWatch.Server.Hosting;

/// <summary>Asks log and store every few seconds whether they answer, and the log how far behind the stages of this process are.</summary>
internal sealed partial class DependencyWatch : BackgroundService
{
    /// <summary>How often they are asked.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly List<Dependency> _dependencies = [];
    private readonly ConcurrentDictionary<string, long> _lags = new(StringComparer.Ordinal);

    public DependencyWatch(IEventLog log, IEnumerable<IStore> stores, IEnumerable<StageRegistration> stages, RunningRoles roles, TimeProvider time, ILogger<DependencyWatch> logger)
    {
        (_time, _logger) = (time, logger);
        var own = stages.Where(s => roles.Contains(s.Role)).Select(s => s.Definition).DistinctBy(s => s.Name).ToList();
        _dependencies.Add(new Dependency("log", time, cancel => AskLogAsync(log, own, cancel)));
        if (roles.NeedStore && stores.FirstOrDefault() is { } store)
        {
            // Any cheap query: that there is no such alert is an answer.
            _dependencies.Add(new Dependency("store", time, cancel => store.GetAlertAsync("-", cancel)));
        }
    }

    /// <summary>Entries that each stage of this process has not passed.</summary>
    public IReadOnlyDictionary<string, long> Lags => _lags;

    /// <summary>Which of them answer.</summary>
    public IReadOnlyList<(string Name, bool Up)> States => [.. _dependencies.Select(d => (d.Name, d.Up))];

    /// <summary>Takes what came of the last questions and asks again, without waiting.</summary>
    internal void Look(CancellationToken cancel)
    {
        foreach (var dependency in _dependencies)
        {
            if (dependency.Changed() is { } up)
            {
                if (up)
                {
                    AnswersAgain(_logger, dependency.Name);
                }
                else
                {
                    DoesNotAnswer(_logger, dependency.Name, dependency.Reason);
                }
            }

            dependency.Ask(cancel);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var timer = new PeriodicTimer(Every, _time);
            do
            {
                Look(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task AskLogAsync(IEventLog log, List<StageDefinition> stages, CancellationToken cancel)
    {
        await log.EndOffsetsAsync(Topics.Control, cancel);
        foreach (var stage in stages)
        {
            var committed = await log.CommittedOffsetsAsync(stage.Group, stage.Input, cancel);
            var ends = await log.EndOffsetsAsync(stage.Input, cancel);
            _lags[stage.Name] = ends.Zip(committed, (end, done) => Math.Max(0, end - done)).Sum();
        }
    }

    [LoggerMessage(9201, LogLevel.Warning, "The {Dependency} does not answer: {Reason}. This process says that it is not ready until it does")]
    private static partial void DoesNotAnswer(ILogger logger, string dependency, string reason);

    [LoggerMessage(9202, LogLevel.Information, "The {Dependency} answers again")]
    private static partial void AnswersAgain(ILogger logger, string dependency);

    private sealed class Dependency(string name, TimeProvider time, Func<CancellationToken, Task> ask)
    {
        private const int MostFailures = 2;
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

        private Task _pending = Task.CompletedTask;
        private int _failures;
        private long _answered = time.GetTimestamp();
        private bool _told = true;

        public string Name => name;

        public string Reason { get; private set; } = "no answer";

        public bool Up => _failures < MostFailures && (_pending.IsCompleted || time.GetElapsedTime(_answered) < Patience);

        public bool? Changed()
        {
            var up = Up;
            if (up == _told)
            {
                return null;
            }

            return _told = up;
        }

        public void Ask(CancellationToken cancel)
        {
            if (_pending.IsCompleted)
            {
                _pending = AskAsync(cancel);
            }
        }

        private async Task AskAsync(CancellationToken cancel)
        {
            try
            {
                await ask(cancel);
                _answered = time.GetTimestamp();
                _failures = 0;
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
            }
#pragma warning disable CA1031 // Whatever keeps it from answering is what the watch reports.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Reason = e.Message;
                _failures++;
            }
        }
    }
}

/// <summary>The roles that run in this process.</summary>
internal sealed record RunningRoles(IReadOnlySet<string> Names)
{
    /// <summary>Whether one of them reads or writes the store; verbs by which people act run none and may.</summary>
    public bool NeedStore => Names.Count == 0 || Contains(Roles.Indexing) || Contains(Roles.Web) || Contains(Roles.Jobs);

    public bool Contains(string role) => Names.Contains(role);
}
