using RiskWatch.Contracts;

namespace RiskWatch.Core.Forecasts;

/// <summary>What is expected of a coming hour of a series: effective volume, or the share of negative records (0–1).</summary>
/// <param name="Hour">Start of the hour.</param>
/// <param name="Median">Middle of what is expected.</param>
/// <param name="Lower">Lower end of the 90 % interval.</param>
/// <param name="Upper">Upper end of the 90 % interval.</param>
/// <param name="Naive">That of the same hour a week before.</param>
public sealed record ForecastHour(DateTimeOffset Hour, double Median, double Lower, double Upper, double Naive);

/// <summary>Forecast of a series, with how forecasts made the same way did in its own past.</summary>
/// <param name="Hours">Coming hours in order; empty where it is withheld.</param>
/// <param name="Origins">Hours of the past from which forecasts were made and judged.</param>
/// <param name="Error">Sum of absolute errors over sum of volumes of these (weighted absolute percentage error); null where there was nothing to judge.</param>
/// <param name="NaiveError">The same for the same hour a week before.</param>
/// <param name="Coverage">Share of these hours that lay in their 90 % interval.</param>
/// <param name="Withheld">Why there is no forecast, null where there is one.</param>
/// <param name="Chances">For each level of the series' rule, how probable it is that one of the coming hours reaches it by itself; empty where there is no forecast or no rule.</param>
/// <param name="NegativeShare">The same of the share of negative records.</param>
public sealed record SeriesForecast(
    IReadOnlyList<ForecastHour> Hours, int Origins, double? Error, double? NaiveError, double? Coverage, ForecastWithheld? Withheld, IReadOnlyList<LevelChance> Chances, ShareForecast NegativeShare);

/// <summary>Forecast of the share of negative records; hours of few records are not judged.</summary>
/// <param name="Hours">Coming hours in order; empty where it is withheld.</param>
/// <param name="Error">Sum of absolute errors over sum of shares of the hours judged; null where there was none.</param>
/// <param name="NaiveError">The same for the same hour a week before.</param>
/// <param name="Coverage">Share of these hours that lay in their 90 % interval.</param>
/// <param name="Withheld">Why there is no forecast, null where there is one.</param>
public sealed record ShareForecast(IReadOnlyList<ForecastHour> Hours, double? Error, double? NaiveError, double? Coverage, ForecastWithheld? Withheld);

/// <summary>How probable it is that a level is reached.</summary>
/// <param name="Level">Level.</param>
/// <param name="Chance">0–1.</param>
public sealed record LevelChance(AlertLevel Level, double Chance);

/// <summary>Why a forecast is withheld.</summary>
[System.Text.Json.Serialization.JsonConverter(typeof(CamelCaseEnumConverter<ForecastWithheld>))]
public enum ForecastWithheld
{
    /// <summary>Less than three weeks of history.</summary>
    ShortHistory,

    /// <summary>It did no better than the same hour a week before.</summary>
    NoBetterThanNaive,
}

/// <summary>Forecasts a series' coming hours from its closed ones.</summary>
public interface IForecaster
{
    /// <summary>Weeks of history that a forecast is made from; less will do from three on.</summary>
    static readonly TimeSpan History = TimeSpan.FromDays(70);

    /// <summary>Most hours ahead.</summary>
    const int MostHours = 72;

    /// <summary>Forecasts.</summary>
    /// <param name="history">Closed hours before <paramref name="from"/>, oldest first; an hour that is missing had nothing.</param>
    /// <param name="series">The series, for its rule.</param>
    /// <param name="site">Site, for its local hours and calendar.</param>
    /// <param name="from">First coming hour.</param>
    /// <param name="hours">How many, 1 to <see cref="MostHours"/>.</param>
    SeriesForecast Forecast(IReadOnlyList<HistoryHour> history, SeriesId series, Site site, DateTimeOffset from, int hours);
}
