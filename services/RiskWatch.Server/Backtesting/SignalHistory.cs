using RiskWatch.Alerting;
using RiskWatch.Alerting.Hindsight;
using RiskWatch.Contracts;
using RiskWatch.Core.Control;
using RiskWatch.Core.Log;
using RiskWatch.Core.Places;
using RiskWatch.Server.Hosting;

namespace RiskWatch.Server.Backtesting;

/// <summary>What detection found at one site, as the log keeps it (13 months): findings and reports in order, and the closed hours of the series that are asked for.</summary>
internal sealed class SignalHistory
{
    private readonly List<object> _entries = [];

    private SignalHistory(string site) => Site = site;

    /// <summary>Site.</summary>
    public string Site { get; }

    /// <summary>First tick with a report or a finding.</summary>
    public long First { get; private set; } = long.MaxValue;

    /// <summary>Last reported tick.</summary>
    public long Last { get; private set; } = long.MinValue;

    /// <summary>Closed hours by series.</summary>
    public Dictionary<SeriesId, SortedDictionary<DateTimeOffset, HistoryHour>> Hours { get; } = [];

    /// <summary>Days that it spans.</summary>
    public double Days => (Last - First + 1) / 1440.0;

    /// <summary>Reads it. Charts of findings are left out: they are most of their bytes, and decide nothing.</summary>
    /// <param name="log">The log.</param>
    /// <param name="site">Site.</param>
    /// <param name="series">Series whose hours are wanted.</param>
    /// <param name="cancel">Ends it.</param>
    public static async Task<SignalHistory> ReadAsync(IEventLog log, string site, IReadOnlySet<SeriesId> series, CancellationToken cancel)
    {
        var history = new SignalHistory(site);
        await Pipeline.EachAsync(log, Topics.Signals, message => history.Take(message), cancel);
        await Pipeline.EachAsync(log, Topics.History, message => history.TakeHour(message, series), cancel);
        return history;
    }

    /// <summary>Decides all of it anew.</summary>
    public async Task<HindsightRun> DecideAsync(IServiceProvider services, ControlView view, Action<Judgement>? judged, long until, CancellationToken cancel)
    {
        var run = new HindsightRun(
            view, services.GetRequiredService<ITaxonomy>(), services.GetRequiredService<IGazetteer>(), services.GetRequiredService<TopologyOptions>(),
            services.GetRequiredService<Microsoft.Extensions.Options.IOptions<AlertingOptions>>().Value, judged, until);
        foreach (var entry in _entries)
        {
            if (entry is Signal signal)
            {
                run.Take(signal);
            }
            else
            {
                await run.TakeAsync((TickReport)entry, cancel);
            }
        }

        return run;
    }

    private void Take(LogMessage message)
    {
        // Every entry of a site stands under its key.
        if (message.Key != Site)
        {
            return;
        }

        switch (message.Type)
        {
            case EntryTypes.Signal:
                var signal = Entries.Read(message, ContractsJson.Default.Signal);
                _entries.Add(signal with { Chart = [] });
                break;
            case EntryTypes.TickReport:
                var report = Entries.Read(message, ContractsJson.Default.TickReport);
                First = Math.Min(First, report.Tick);
                Last = Math.Max(Last, report.Tick);
                _entries.Add(report);
                break;
        }
    }

    private void TakeHour(LogMessage message, IReadOnlySet<SeriesId> wanted)
    {
        if (message.Type != EntryTypes.HistoryHour || !wanted.Any(w => message.Key == Entries.SiteTopicKey(w.Site, w.Topic ?? "*")))
        {
            return;
        }

        var hour = Entries.Read(message, ContractsJson.Default.HistoryHour);
        var series = new SeriesId(hour.Site, hour.Topic, hour.Place, hour.Term);
        if (!wanted.Contains(series))
        {
            return;
        }

        if (!Hours.TryGetValue(series, out var hours))
        {
            Hours[series] = hours = [];
        }

        // What came late revises a closed hour.
        hours[hour.Hour] = hour;
    }
}
