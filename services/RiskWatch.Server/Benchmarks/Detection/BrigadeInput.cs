using System.Globalization;
using System.Text.Json;

namespace RiskWatch.Server.Benchmarks.Detection;

/// <summary>
/// Six weeks of an invented city's posts and hotline records, generated, with one thing happening at the end: on Wednesday 27 September 2023, or on Friday the
/// 29th, China's Mid-Autumn holiday. Sundays bring two and a half times as much as other days, and so does the holiday.
/// </summary>
internal sealed class BrigadeInput(int seed)
{
    /// <summary>Source of posts.</summary>
    public const string Posts = "drill-posts";

    /// <summary>Source of hotline records.</summary>
    public const string Hotline = "drill-hotline";

    /// <summary>Days from beginning to end.</summary>
    public const int Days = 42;

    private static readonly TimeSpan Beijing = TimeSpan.FromHours(8);
    private static readonly DateTimeOffset Start = new(2023, 8, 20, 0, 0, 0, Beijing);
    private static readonly DateTimeOffset Holiday = new(2023, 9, 29, 0, 0, 0, Beijing);
    private static readonly double[] DayProfile = [.3, .2, .1, .1, .1, .3, .6, 1, 1.3, 1.4, 1.4, 1.3, 1.2, 1.2, 1.3, 1.3, 1.3, 1.4, 1.5, 1.5, 1.4, 1.3, 1, .6];
    private static readonly string[] Streets = ["解放路", "人民路", "中山路", "文三路", "江南大道", "滨河路", "建设街", "和平街", "火车东站", "体育场", "大学城", "开发区", "城北", "老城区", "湖滨", "西湖边"];
    private static readonly string[] When = ["今天早上", "刚才", "中午", "这几天", "昨晚", "下班路上", "一大早", "周末", "晚饭后", "出门的时候"];
    private static readonly string[] What = ["又堵车了，排了长长的队", "公交等了半天也不来", "工地施工噪音太大，睡不着", "垃圾没人清运，味道很大", "路灯坏了一排，走路看不清", "停车位太少，转了几圈", "共享单车乱停乱放", "小区突然停水，也没有通知", "广场舞音乐声音太响", "路面坑坑洼洼，骑车颠得厉害", "绿化带的树修剪得很好看", "新开的公园人不少", "电梯又坏了，爬楼爬得腿软", "外卖送得真快", "桂花开了，好香", "地铁里人挤人"];
    private static readonly string[] End = ["。", "，有人管吗？", "，真无奈。", "，习惯了。", "，希望改善。", "，发个照片。", "，大家注意。", "，心情不错。", "，求解决。", "，唉。"];

    private readonly CountSampler _random = new(seed);
    private readonly List<(DateTimeOffset Merged, byte[] Json)> _rows = [];
    private int _number;

    /// <summary>When what happens begins.</summary>
    public static DateTimeOffset Event { get; } = new(2023, 9, 27, 10, 0, 0, Beijing);

    /// <summary>The ordinary life of the city.</summary>
    /// <param name="outage">Whether nothing comes from 10:00 to 16:00 on the day of the event, and all of it in ten minutes after that.</param>
    public void Ordinary(bool outage = false)
    {
        for (var hour = 0; hour < Days * 24; hour++)
        {
            var at = Start.AddHours(hour);
            var busy = DayProfile[at.Hour] * (at.DayOfWeek == DayOfWeek.Sunday || at.Date == Holiday.Date ? 2.5 : 1);
            for (var left = _random.Poisson(8 * busy); left > 0; left--)
            {
                Post(Within(at, 60), Talk(), Author(), late: outage);
            }

            for (var left = _random.Poisson(1.5 * busy); left > 0; left--)
            {
                Call(Within(at, 60), Talk(), late: outage);
            }
        }
    }

    /// <summary>A hundred posts of five accounts within two hours: copies of one text, or each with words of its own.</summary>
    public void FiveAccounts(bool copies)
    {
        for (var i = 0; i < 100; i++)
        {
            var text = copies ? "强烈抗议物业公司乱收停车费，业主们快来维权" : $"{_random.OneOf(Streets)}{_random.OneOf(When)}{_random.OneOf(End)}物业乱收停车费，业主抗议维权第{Numeral(i)}天";
            Post(Within(Event, 120), text, $"brigade-{i % 5}");
        }
    }

    /// <summary>Five hundred callers who read the same petition within six hours.</summary>
    public void Petition()
    {
        for (var i = 0; i < 500; i++)
        {
            Call(Within(Event, 360), "我们小区的自来水发黄有异味，自来水水质有问题，要求停水检修并公布检测结果");
        }
    }

    /// <summary>A rumour of one account that three hundred others share within four hours; of the first hundred every third doubts it.</summary>
    public void Rumour()
    {
        var root = Post(Event, "【紧急扩散】明天起全市自来水停水七天，水厂被投毒，超市的水已经抢光，是真的，请转给你的家人！", "rumour-0");
        for (var i = 1; i <= 300; i++)
        {
            var text = i % 3 == 0 && i <= 100 ? _random.OneOf((string[])["假的吧，有来源吗？", "谣言，官方已经辟谣", "真的假的？求证", "别传谣了"]) : _random.OneOf((string[])["转发微博", "大家快囤水", "扩散扩散", "转给家人看看"]);
            Post(Event.AddMinutes(i * 240.0 / 300), text, $"sharer-{i}", root);
        }
    }

    /// <summary>Writes the rows as NDJSON.</summary>
    public void Write(string path)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        foreach (var (_, json) in _rows.OrderBy(r => r.Merged))
        {
            file.Write(json);
            file.WriteByte((byte)'\n');
        }
    }

    private static string Numeral(int number) => string.Concat((number + 1).ToString(CultureInfo.InvariantCulture).Select(digit => "零一二三四五六七八九"[digit - '0']));

    private string Talk() => _random.OneOf(When) + _random.OneOf(Streets) + _random.OneOf(What) + _random.OneOf(End);

    private string Author() => $"citizen-{_random.Whole(1, 4000)}";

    private DateTimeOffset Within(DateTimeOffset from, double minutes) => from.AddSeconds(Math.Floor(_random.Uniform() * minutes * 60));

    private void Call(DateTimeOffset at, string text, bool late = false) => Add(Hotline, "hotline", at, text, null, null, late);

    private string Post(DateTimeOffset at, string text, string author, string? repostOf = null, bool late = false) => Add(Posts, "post", at, text, author, repostOf, late);

    private string Add(string source, string kind, DateTimeOffset at, string text, string? author, string? repostOf, bool late)
    {
        var id = $"{++_number}";
        var merged = late && at >= Event && at < Event.AddHours(6) ? Within(Event.AddHours(6), 10) : at;
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, id);
            json.WriteString("source"u8, source);
            json.WriteString("kind"u8, kind);
            json.WriteString("published"u8, at);
            json.WriteString("text"u8, text);
            if (author is not null)
            {
                json.WriteString("author"u8, author);
            }

            if (repostOf is not null)
            {
                json.WriteString("repostOf"u8, repostOf);
            }

            if (merged != at)
            {
                json.WriteString("updated"u8, merged);
            }

            json.WriteEndObject();
        }

        _rows.Add((merged, buffer.ToArray()));
        return id;
    }
}
