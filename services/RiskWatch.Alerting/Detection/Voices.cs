using System.Numerics;

namespace RiskWatch.Alerting.Detection;

/// <summary>
/// Signed counts of a term's records by voice (<see cref="Core.Sketches.TermSketch.Voice"/>): they add up and can be taken back, and how many voices are heard
/// estimates how many authors there are (linear counting; Whang, Vander-Zanden and Taylor 1990).
/// </summary>
internal sealed class Voices
{
    private readonly List<(byte Voice, int Count)> _counts = [];

    /// <summary>Whether nothing was added that was not taken back.</summary>
    public bool IsEmpty => _counts.Count == 0;

    /// <summary>Voices that are heard, a bit each.</summary>
    public ulong Heard
    {
        get
        {
            var heard = 0UL;
            foreach (var (voice, count) in _counts)
            {
                heard |= count > 0 ? 1UL << voice : 0;
            }

            return heard;
        }
    }

    /// <summary>Signed counts by voice.</summary>
    public IReadOnlyList<(byte Voice, int Count)> Counts => _counts;

    /// <summary>Adds records of a voice; a negative number takes them back.</summary>
    public void Add(int voice, int count)
    {
        var at = 0;
        while (at < _counts.Count && _counts[at].Voice < voice)
        {
            at++;
        }

        if (at == _counts.Count || _counts[at].Voice != voice)
        {
            _counts.Insert(at, ((byte)voice, count));
        }
        else if (_counts[at].Count + count == 0)
        {
            _counts.RemoveAt(at);
        }
        else
        {
            _counts[at] = ((byte)voice, _counts[at].Count + count);
        }
    }

    /// <summary>Estimated number of authors behind the voices that are heard, at most <paramref name="records"/>.</summary>
    public static double Authors(ulong heard, double records)
    {
        const double All = 64;
        var few = All - BitOperations.PopCount(heard);
        return Math.Max(0, few == 0 ? records : Math.Min(records, All * Math.Log(All / few)));
    }

    public void Write(BinaryWriter to)
    {
        to.Write7BitEncodedInt(_counts.Count);
        foreach (var (voice, count) in _counts)
        {
            to.Write(voice);
            to.Write7BitEncodedInt(count);
        }
    }

    public static Voices Read(BinaryReader from)
    {
        var voices = new Voices();
        for (var left = from.Read7BitEncodedInt(); left > 0; left--)
        {
            voices._counts.Add((from.ReadByte(), from.Read7BitEncodedInt()));
        }

        return voices;
    }
}
