using System.Globalization;
using System.Net;
using System.Text;

namespace RiskWatch.Server.Backtesting;

/// <summary>One page without scripts: the figures side by side, and the curve of detection against load as SVG.</summary>
internal static class BacktestPage
{
    private const int Width = 640;
    private const int Height = 320;
    private const int Margin = 48;

    public static string Of(BacktestReport report)
    {
        var page = new StringBuilder();
        page.Append("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>RiskWatch backtest</title><style>body{font:14px/1.4 system-ui,sans-serif;margin:2em;max-width:60em}")
            .Append("table{border-collapse:collapse;margin:1em 0}td,th{border:1px solid #ccc;padding:.3em .6em;text-align:left}</style>")
            .Append(CultureInfo.InvariantCulture, $"<h1>Backtest of {Encoded(report.Site)}</h1><p>{report.From:yyyy-MM-dd HH:mm}Z – {report.To:yyyy-MM-dd HH:mm}Z, {report.Sets[0].Result.Days:F1} days</p><table><tr><th></th>");
        foreach (var (name, _) in report.Sets)
        {
            page.Append(CultureInfo.InvariantCulture, $"<th>{Encoded(name)}</th>");
        }

        page.Append("</tr>");
        foreach (var (what, of) in BacktestReport.Figures)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Encoded(what)}</td>");
            foreach (var (_, result) in report.Sets)
            {
                page.Append(CultureInfo.InvariantCulture, $"<td>{Encoded(of(result))}</td>");
            }

            page.Append("</tr>");
        }

        page.Append("</table><h2>Detection against load</h2>").Append(Curve(report));
        foreach (var (name, result) in report.Sets)
        {
            page.Append(CultureInfo.InvariantCulture, $"<h2>{Encoded(name)}</h2><table><tr><th>incident</th><th>first warning</th><th>alerts</th></tr>");
            foreach (var incident in result.Incidents)
            {
                var first = incident.Hits.Count == 0 ? "missed" : $"{incident.Hits[0].RaisedAt:yyyy-MM-dd HH:mm}Z, {BacktestReport.Series(incident.Hits[0])}";
                page.Append(CultureInfo.InvariantCulture, $"<tr><td>{Encoded(incident.Incident.Name)}</td><td>{Encoded(first)}</td><td>{incident.Hits.Count}</td></tr>");
            }

            page.Append("</table>");
        }

        return page.Append("</html>").ToString();
    }

    private static string Curve(BacktestReport report)
    {
        var most = Math.Max(0.1, report.Curve.Select(p => p.Result).Concat(report.Sets.Select(s => s.Result)).Max(r => r.AlertsPerDay)) * 1.05;
        string X(double load) => (Margin + (load / most * (Width - (2 * Margin)))).ToString("F1", CultureInfo.InvariantCulture);
        string Y(double pod) => (Height - Margin - (pod * (Height - (2 * Margin)))).ToString("F1", CultureInfo.InvariantCulture);
        string Line(Func<Backtest, double> pod) => string.Join(' ', report.Curve.OrderBy(p => p.Result.AlertsPerDay).Select(p => $"{X(p.Result.AlertsPerDay)},{Y(pod(p.Result))}"));

        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Height}\" width=\"{Width}\" role=\"img\" aria-label=\"Probability of detection against alerts a day\">")
            .Append(CultureInfo.InvariantCulture, $"<line x1=\"{X(0)}\" y1=\"{Y(0)}\" x2=\"{X(most)}\" y2=\"{Y(0)}\" stroke=\"#444\"/><line x1=\"{X(0)}\" y1=\"{Y(0)}\" x2=\"{X(0)}\" y2=\"{Y(1)}\" stroke=\"#444\"/>")
            .Append(CultureInfo.InvariantCulture, $"<text x=\"{Width / 2}\" y=\"{Height - 8}\" text-anchor=\"middle\">alerts a day (0–{most:F2})</text><text x=\"{Margin - 6}\" y=\"{Y(1)}\" text-anchor=\"end\">1</text><text x=\"{Margin - 6}\" y=\"{Y(0)}\" text-anchor=\"end\">0</text>")
            .Append(CultureInfo.InvariantCulture, $"<polyline points=\"{Line(r => r.Pod.Value)}\" fill=\"none\" stroke=\"#1565c0\" stroke-width=\"2\"/><polyline points=\"{Line(r => r.PodOfBoth.Value)}\" fill=\"none\" stroke=\"#1565c0\" stroke-dasharray=\"5 4\"/>");
        // One above its point, the next below: two rule sets are often near each other.
        var above = true;
        foreach (var (name, result) in report.Sets)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{X(result.AlertsPerDay)}\" cy=\"{Y(result.Pod.Value)}\" r=\"5\" fill=\"#c62828\"/><text x=\"{X(result.AlertsPerDay)}\" y=\"{Y(result.Pod.Value)}\" dx=\"8\" dy=\"{(above ? -8 : 20)}\">{Encoded(name)}</text>");
            above = !above;
        }

        return svg.Append("</svg><p>Solid: topic or place fits. Dashed: both fit. Each point: the rules with every probability and the budget multiplied by the same number.</p>").ToString();
    }

    private static string Encoded(string text) => WebUtility.HtmlEncode(text);
}
