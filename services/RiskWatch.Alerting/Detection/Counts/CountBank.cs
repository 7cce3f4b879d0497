namespace RiskWatch.Alerting.Detection.Counts;

/// <summary>Channels of one shape side by side in memory; no object and no allocation per channel or update. Not safe for several threads at once.</summary>
internal sealed class CountBank
{
    private const byte Version = 1;
    private readonly float[] _numbers;

    /// <summary>So many channels that have seen nothing.</summary>
    public CountBank(CountShape shape, int channels)
    {
        Shape = shape;
        Channels = channels;
        _numbers = new float[checked(channels * shape.StateLength)];
        for (var channel = 0; channel < channels; channel++)
        {
            CountModel.Begin(shape, Numbers(channel));
        }
    }

    /// <summary>What its channels have in common.</summary>
    public CountShape Shape { get; }

    /// <summary>How many there are.</summary>
    public int Channels { get; }

    /// <summary>State of a channel in bytes.</summary>
    public int BytesPerChannel => Shape.StateLength * sizeof(float);

    /// <summary>A channel's whole state.</summary>
    public Span<float> Numbers(int channel) => _numbers.AsSpan(channel * Shape.StateLength, Shape.StateLength);

    /// <summary>Takes in a bucket's count; see <see cref="CountModel.Observe"/>.</summary>
    public CountExpectation Observe(int channel, ReadOnlySpan<float> factors, long bucket, float count, float offset = 0) =>
        CountModel.Observe(Shape, Numbers(channel), factors, bucket, count, offset);

    /// <summary>P-value of the windows that end with the channel's last bucket; see <see cref="CountWindows.PValue"/>.</summary>
    public double PValue(int channel) => CountWindows.PValue(Shape, Numbers(channel));

    /// <summary>Writes a channel: a version, its length, its numbers.</summary>
    public void Write(int channel, BinaryWriter to)
    {
        to.Write(Version);
        to.Write7BitEncodedInt(Shape.StateLength);
        foreach (var number in Numbers(channel))
        {
            to.Write(number);
        }
    }

    /// <summary>Reads a channel that <see cref="Write"/> wrote; what it then computes is bit by bit what the written one would.</summary>
    /// <exception cref="InvalidDataException">It is of another version or shape.</exception>
    public void Read(int channel, BinaryReader from)
    {
        if (from.ReadByte() != Version || from.Read7BitEncodedInt() != Shape.StateLength)
        {
            throw new InvalidDataException($"The state of a channel is of another version or shape than {Shape.Name}.");
        }

        foreach (ref var number in Numbers(channel))
        {
            number = from.ReadSingle();
        }
    }
}
