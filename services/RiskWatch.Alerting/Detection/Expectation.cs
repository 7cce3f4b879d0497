namespace RiskWatch.Alerting.Detection;

/// <summary>What a series expects of each window that ends with the hour <paramref name="At"/>, and of its youngest part.</summary>
internal sealed record Expectation(long At, double[] Means, double[] YoungMeans, double[] Variances)
{
    /// <summary>Of no hour.</summary>
    public static Expectation None { get; } = new(long.MinValue, [], [], []);

    /// <summary>As the model sees it now.</summary>
    public static Expectation Of(Series series, long now, LocalHours local)
    {
        var made = new Expectation(now, new double[4], new double[4], new double[4]);
        Span<double> backings = stackalloc double[4];
        backings.Clear();
        double mean = 0, backing = 0;
        for (int back = 0, w = 0; back < 24; back++)
        {
            backing += series.Model.Backing(local.HourOfWeek(now - back));
            mean += series.Model.Mean(local.HourOfWeek(now - back), series.Parent?.Model);
            for (var young = 0; young < 4; young++)
            {
                if (back + 1 == Series.Young(young))
                {
                    made.YoungMeans[young] = mean;
                }
            }

            if (back + 1 == SeriesModel.Windows[w])
            {
                backings[w] = backing;
                made.Means[w++] = mean;
            }
        }

        made.Means[3] = series.Model.WeekMean(series.Parent?.Model, now, local);
        for (var w = 0; w < 4; w++)
        {
            made.Variances[w] = series.Model.Variance(w, made.Means[w], backings[w]);
        }

        return made;
    }
}
