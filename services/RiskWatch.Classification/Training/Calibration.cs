namespace RiskWatch.Classification.Training;

/// <summary>
/// Platt's calibration and its form for several labels: logit = slope × score + intercept, probabilities by logistic function or soft-max.
/// A yes-or-no head's intercept is at even odds, so that any share of yes can be added as its log-odds.
/// </summary>
/// <param name="Slope">Common slope.</param>
/// <param name="Intercepts">One per output.</param>
internal sealed record Calibration(float Slope, IReadOnlyList<float> Intercepts)
{
    private const int Rounds = 200;

    /// <summary>Fits to out-of-time scores; <paramref name="balance"/> as in <see cref="HeadRecipe.Balance"/>.</summary>
    public static Calibration Fit(float[][] scores, IReadOnlyList<LabelledText> rows, int labels, double balance)
    {
        var counts = new double[labels];
        foreach (var row in rows)
        {
            counts[row.Label]++;
        }

        // Even odds for yes-or-no heads: whoever reads the score adds the share to expect.
        var power = labels == 2 ? 1 : balance;
        var weights = Array.ConvertAll(counts, c => c == 0 ? 0 : Math.Pow(rows.Count / c / labels, power));
        return labels == 2 ? Binary(scores, rows, weights) : Several(scores, rows, labels, weights);
    }

    private static Calibration Binary(float[][] scores, IReadOnlyList<LabelledText> rows, double[] weights)
    {
        double slope = 1, intercept = 0, damping = 1;
        var loss = BinaryLoss(scores, rows, weights, slope, intercept);
        for (var round = 0; round < Rounds && damping < 1e9; round++)
        {
            double g1 = 0, g2 = 0, h11 = damping * 1e-3, h12 = 0, h22 = damping * 1e-3;
            for (var i = 0; i < scores.Length; i++)
            {
                var (s, w) = (scores[i][0], weights[rows[i].Label]);
                var p = 1 / (1 + Math.Exp(-((slope * s) + intercept)));
                var d = w * (p - rows[i].Label);
                var h = w * p * (1 - p);
                g1 += d * s;
                g2 += d;
                h11 += h * s * s;
                h12 += h * s;
                h22 += h;
            }

            var determinant = (h11 * h22) - (h12 * h12);
            var (newSlope, newIntercept) = (slope - (((h22 * g1) - (h12 * g2)) / determinant), intercept - (((h11 * g2) - (h12 * g1)) / determinant));
            var newLoss = BinaryLoss(scores, rows, weights, newSlope, newIntercept);
            if (newLoss > loss)
            {
                damping *= 10;
                continue;
            }

            var gain = loss - newLoss;
            (slope, intercept, loss, damping) = (newSlope, newIntercept, newLoss, Math.Max(damping / 10, 1e-6));
            if (gain < 1e-10)
            {
                break;
            }
        }

        return new Calibration((float)slope, [(float)intercept]);
    }

    private static double BinaryLoss(float[][] scores, IReadOnlyList<LabelledText> rows, double[] weights, double slope, double intercept)
    {
        var loss = 0d;
        for (var i = 0; i < scores.Length; i++)
        {
            var logit = (slope * scores[i][0]) + intercept;
            loss += weights[rows[i].Label] * (Math.Max(logit, 0) - (rows[i].Label * logit) + Math.Log(1 + Math.Exp(-Math.Abs(logit))));
        }

        return loss / scores.Length;
    }

    private static Calibration Several(float[][] scores, IReadOnlyList<LabelledText> rows, int labels, double[] weights)
    {
        // Plain gradient descent with Adam's step sizes: few parameters, a convex loss.
        var parameters = new double[labels + 1];
        parameters[labels] = 1;
        var (first, second) = (new double[labels + 1], new double[labels + 1]);
        var p = new double[labels];
        for (var round = 1; round <= Rounds * 5; round++)
        {
            var gradient = new double[labels + 1];
            for (var i = 0; i < scores.Length; i++)
            {
                var largest = double.NegativeInfinity;
                for (var k = 0; k < labels; k++)
                {
                    p[k] = (parameters[labels] * scores[i][k]) + parameters[k];
                    largest = Math.Max(largest, p[k]);
                }

                var sum = 0d;
                for (var k = 0; k < labels; k++)
                {
                    sum += p[k] = Math.Exp(p[k] - largest);
                }

                for (var k = 0; k < labels; k++)
                {
                    var d = weights[rows[i].Label] * ((p[k] / sum) - (rows[i].Label == k ? 1 : 0)) / scores.Length;
                    gradient[k] += d;
                    gradient[labels] += d * scores[i][k];
                }
            }

            for (var k = 0; k <= labels; k++)
            {
                first[k] = (0.9 * first[k]) + (0.1 * gradient[k]);
                second[k] = (0.999 * second[k]) + (0.001 * gradient[k] * gradient[k]);
                parameters[k] -= 0.02 * (first[k] / (1 - Math.Pow(0.9, round))) / (Math.Sqrt(second[k] / (1 - Math.Pow(0.999, round))) + 1e-9);
            }
        }

        return new Calibration((float)parameters[labels], [.. parameters.Take(labels).Select(v => (float)v)]);
    }
}
