using System.Globalization;
using System.Text;
using System.Xml.Linq;

namespace RiskWatch.Classification.Training;

/// <summary>Draws the reliability curves of an evaluation as SVG: for each head and set a small square, mean probability to the right, share that came true upwards, points as large as their rows are many.</summary>
internal static class CalibrationChart
{
    private const int Side = 150;
    private const int Gap = 26;
    private const int Columns = 4;

    /// <summary>As SVG; colours that are read on light and dark pages.</summary>
    public static string Svg(Evaluation evaluation)
    {
        List<(string Name, HeadEvaluation? Fast, HeadEvaluation? Encoder)> panels =
        [
            .. evaluation.Heads.Where(h => h.Reliability.Count > 0).Select(h => ($"{h.Language} {h.Head}", (HeadEvaluation?)h,
                evaluation.EncoderHeads.FirstOrDefault(e => (e.Language, e.Head, e.Set) == (h.Language, h.Head, h.Set)))),
        ];
        var rows = (panels.Count + Columns - 1) / Columns;
        var (width, height) = ((Columns * (Side + Gap)) + Gap, (rows * (Side + (2 * Gap))) + Gap);
        XNamespace ns = "http://www.w3.org/2000/svg";
        var svg = new XElement(
            ns + "svg", new XAttribute("viewBox", $"0 0 {width} {height}"), new XAttribute("font-family", "sans-serif"), new XAttribute("font-size", 10), new XAttribute("fill", "#777"),
            new XElement(ns + "title", "Calibration: mean probability against the share that came true"),
            Text(ns, Gap, 14, "● fast  ○ encoder; mean probability →, share that came true ↑"));
        foreach (var (i, panel) in panels.Index())
        {
            var (x, y) = (Gap + ((i % Columns) * (Side + Gap)), (2 * Gap) + ((i / Columns) * (Side + (2 * Gap))));
            svg.Add(
                Text(ns, x, y - 14, panel.Name), Text(ns, x, y - 3, panel.Fast!.Set.Length > 26 ? panel.Fast.Set[..25] + "…" : panel.Fast.Set),
                new XElement(ns + "rect", At(x, y), new XAttribute("width", Side), new XAttribute("height", Side), new XAttribute("fill", "none"), new XAttribute("stroke", "#999")),
                new XElement(ns + "line", new XAttribute("x1", x), new XAttribute("y1", y + Side), new XAttribute("x2", x + Side), new XAttribute("y2", y), new XAttribute("stroke", "#bbb"), new XAttribute("stroke-dasharray", "3 3")),
                Curve(ns, x, y, panel.Fast, filled: true), panel.Encoder is null ? null : Curve(ns, x, y, panel.Encoder, filled: false));
        }

        return svg + "\n";
    }

    private static XElement Curve(XNamespace ns, int x, int y, HeadEvaluation head, bool filled)
    {
        var colour = filled ? "#1f6feb" : "#d1600a";
        string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
        (string X, string Y) Point(ReliabilityBin bin) => (Number(x + (Side * bin.Probability)), Number(y + Side - (Side * bin.Share)));
        var path = new StringBuilder();
        foreach (var (i, bin) in head.Reliability.Index())
        {
            path.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "M" : "L")}{Point(bin).X} {Point(bin).Y}");
        }

        return new XElement(
            ns + "g", new XAttribute("stroke", colour), new XAttribute("fill", filled ? colour : "none"),
            new XElement(ns + "path", new XAttribute("d", path), new XAttribute("fill", "none"), new XAttribute("stroke-opacity", 0.5)),
            head.Reliability.Select(bin => new XElement(
                ns + "circle", new XAttribute("cx", Point(bin).X), new XAttribute("cy", Point(bin).Y), new XAttribute("r", Number(1.5 + (5 * Math.Sqrt((double)bin.Rows / head.Rows)))))));
    }

    private static XElement Text(XNamespace ns, int x, int y, string text) => new(ns + "text", At(x, y), text);

    private static XAttribute[] At(int x, int y) => [new("x", x), new("y", y)];
}
